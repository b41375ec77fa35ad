// Chromium with device-bound sessions: keys in software, and a certificate that it takes as valid.
import { createHash, X509Certificate } from 'node:crypto'
import { demoPassword } from '@token-handler/local-stack'
import bundledChromium from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, LaunchOptions, Page } from 'playwright-core'
import type { Certificate } from '../certificate.ts'
import { eventually } from '../eventually.ts'
import { cookieNames, proofPath } from './world.ts'
import type { DeviceBindingWorld } from './world.ts'

/** Debian's; the headless shell, and the Chromium inside the npm package, register nothing. */
export const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

const features = 'DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting'

/** With `--ignore-certificate-errors` instead of the pin, it registers nothing. */
function optionsFor({ cert }: Certificate, executablePath: string): LaunchOptions {
  const { publicKey } = new X509Certificate(cert)
  const pin = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
  return {
    executablePath,
    timeout: 120_000,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--ignore-certificate-errors-spki-list=${pin}`,
      `--enable-features=${features}`,
    ],
  }
}

/** Launches it. Every context has a quota of signatures of its own. */
export const launchBoundBrowser = ({ certificate }: DeviceBindingWorld): Promise<Browser> =>
  chromium.launch(optionsFor(certificate, chromiumPath))

/** The Chromium inside the npm package, with the same switches. */
export const launchBundledBrowser = async ({ certificate }: DeviceBindingWorld): Promise<Browser> =>
  chromium.launch(optionsFor(certificate, await bundledChromium.executablePath()))

/** A profile that outlives the browser. */
export const launchProfile = (
  { certificate }: DeviceBindingWorld,
  folder: string,
): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, optionsFor(certificate, chromiumPath))

/** Somebody in a browser, on a page with the SDK. */
export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  /** Opens a further tab with the SDK, loaded. */
  readonly openTab: () => Promise<Page>
  /** Signs in, and comes back to the page. */
  readonly signIn: (user: 'alice' | 'bob') => Promise<void>
  /** Signs in, and waits until the session is bound. */
  readonly signInBound: (user: 'alice' | 'bob') => Promise<void>
  /** How many bindings the browser has stored. */
  readonly registrations: () => number
  readonly boundCookie: () => Promise<string | undefined>
  /** The browser has no bound cookie any more, as if its time were over. */
  readonly expireProof: () => Promise<void>
}

/** The part of the DevTools protocol that tells of device-bound sessions, which Playwright has no types for. */
interface DeviceBoundSessions {
  readonly send: (method: string, parameters: object) => Promise<unknown>
  readonly on: (
    event: string,
    listener: (detail: {
      readonly succeeded: boolean
      readonly creationEventDetails?: object
    }) => void,
  ) => void
}

/** Counts the bindings that the browser has stored from now on: it has their cookies a moment before. */
async function countRegistrations(page: Page): Promise<() => number> {
  const session = (await page.context().newCDPSession(page)) as unknown as DeviceBoundSessions
  let count = 0
  session.on('Network.deviceBoundSessionEventOccurred', ({ succeeded, creationEventDetails }) => {
    if (succeeded && creationEventDetails !== undefined) count += 1
  })
  await session.send('Network.enable', {})
  await session.send('Network.enableDeviceBoundSessions', { enable: true }).catch(() => {})
  return () => count
}

/** Opens the page in a context. */
export async function createPerson(
  world: DeviceBindingWorld,
  context: BrowserContext,
): Promise<Person> {
  async function openTab(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(world.pageUrl)
    await page.evaluate(() => window.tokenHandler.load())
    return page
  }
  const page = await openTab()
  const registrations = await countRegistrations(page)

  const boundCookie = async () =>
    (await context.cookies(world.agentUrl)).find(({ name }) => name === cookieNames.bound)?.value

  async function signIn(user: 'alice' | 'bob'): Promise<void> {
    await page.evaluate(
      (prompt) => void window.tokenHandler.login({ parameters: { prompt } }).catch(() => {}),
      'login',
    )
    await page.getByLabel('Username').fill(user)
    await page.getByLabel('Password').fill(demoPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(({ pathname }) => pathname === '/callback')
    await eventually(async () =>
      page.evaluate(() => window.tokenHandler.getSnapshot().status),
    ).toBe('authenticated')
  }

  return {
    context,
    page,
    openTab,
    signIn,
    registrations,
    boundCookie,
    async signInBound(user) {
      const before = registrations()
      await signIn(user)
      await eventually(registrations).toBe(before + 1)
      await eventually(boundCookie).not.toBeUndefined()
      // The first answer after a sign-in shows the SDK that the cookies were stored.
      await page.evaluate(() => window.tokenHandler.session())
    },
    expireProof: () => context.clearCookies({ name: cookieNames.bound }),
  }
}

/** Statuses of the proofs so far. */
export const proofs = (world: DeviceBindingWorld): readonly (number | undefined)[] =>
  world.statuses('POST', proofPath)
