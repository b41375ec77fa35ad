// Firefox as Debian ships it, by WebDriver BiDi.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectBidi } from './bidi.ts'
import type { Bidi } from './bidi.ts'
import { startChild } from './child.ts'
import type { Context, Cookie, Engine, EngineOptions, Page, RunningEngine } from './engine.ts'
import { createPage } from './page.ts'
import type { Tab } from './page.ts'

/** Nothing that a fresh profile would do on its own, such as asking the network for news. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
}

/** A value of a page's script, as the protocol writes it. */
interface ScriptResult {
  readonly type: 'success' | 'exception'
  readonly result?: { readonly value?: string; readonly sharedId?: string }
  readonly exceptionDetails?: { readonly text: string }
}

async function openTab({ send }: Bidi, userContext: string): Promise<Tab> {
  // A window of its own: a tab would hide the one before.
  const { context } = await send('browsingContext.create', { type: 'window', userContext })

  async function run(functionDeclaration: string, argument: unknown) {
    const { result, exceptionDetails } = (await send('script.callFunction', {
      functionDeclaration,
      target: { context },
      arguments: [{ type: 'string', value: JSON.stringify(argument) }],
      awaitPromise: true,
    })) as unknown as ScriptResult
    if (exceptionDetails) throw new Error(exceptionDetails.text)
    return result
  }

  return {
    navigate: async (url) =>
      void (await send('browsingContext.navigate', { context, url, wait: 'complete' })),
    reload: async () => void (await send('browsingContext.reload', { context, wait: 'complete' })),
    traverseBack: async () =>
      void (await send('browsingContext.traverseHistory', { context, delta: -1 })),
    async call(source, argument) {
      const wrapped = `async (text) => JSON.stringify({ value: await (${source})(JSON.parse(text)) })`
      const result = await run(wrapped, argument)
      return (JSON.parse(result?.value ?? '{}') as { value?: unknown }).value
    },
    async click(source, argument) {
      const scroll = `(text) => {
        const element = (${source})(JSON.parse(text))
        element?.scrollIntoView({ block: 'center', behavior: 'instant' })
        return element
      }`
      const sharedId = (await run(scroll, argument))?.sharedId
      if (sharedId === undefined) return false
      const origin = { type: 'element', element: { sharedId } }
      const actions = [
        { type: 'pointerMove', x: 0, y: 0, origin },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      await send('input.performActions', {
        context,
        actions: [{ type: 'pointer', id: 'mouse', actions }],
      })
      return true
    },
    close: async () => void (await send('browsingContext.close', { context })),
  }
}

const sameSites = { strict: 'Strict', lax: 'Lax', none: 'None', default: 'Lax' } as const

/** A cookie as the protocol writes it. */
interface BidiCookie extends Omit<Cookie, 'value' | 'sameSite'> {
  readonly value: { readonly value: string }
  readonly sameSite: keyof typeof sameSites
}

async function createContext(bidi: Bidi): Promise<Context> {
  const { send } = bidi
  // A container: as separate as a profile, for everything that pages can see.
  const { userContext } = await send('browser.createUserContext')
  const partition = { type: 'storageKey', userContext }
  async function readCookies(): Promise<Cookie[]> {
    const { cookies } = await send('storage.getCookies', { partition })
    return (cookies as BidiCookie[]).map((cookie) => ({
      ...cookie,
      value: cookie.value.value,
      sameSite: sameSites[cookie.sameSite],
    }))
  }
  async function cookiesOf(url: string): Promise<Cookie[]> {
    const { hostname } = new URL(url)
    return (await readCookies()).filter(({ domain }) =>
      domain.startsWith('.') ? `.${hostname}`.endsWith(domain) : domain === hostname,
    )
  }
  return {
    newPage: async (): Promise<Page> => createPage(await openTab(bidi, String(userContext))),
    cookies: cookiesOf,
    async removeCookies(url, wanted = /^/) {
      for (const { name, domain } of await cookiesOf(url)) {
        if (!wanted.test(name)) continue
        await send('storage.deleteCookies', { filter: { name, domain }, partition })
      }
    },
    close: async () => void (await send('browser.removeUserContext', { userContext })),
  }
}

async function start({ hosts = [], authority }: EngineOptions = {}): Promise<RunningEngine> {
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'))
  const lines = Object.entries({
    ...preferences,
    ...(hosts.length > 0 && { 'network.dns.localDomains': hosts.join(',') }),
  }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
  await writeFile(join(profile, 'user.js'), lines)
  const parameters = ['--headless', '--no-remote', '--profile', profile]
  // Any free port.
  parameters.push('--remote-debugging-port', '0')
  const child = startChild('firefox-esr', parameters, { HOME: profile })
  const stop = async () => {
    await child.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const [, url] = await child.waitFor(/WebDriver BiDi listening on (ws:\S+)/)
    const bidi = await connectBidi(`${url}/session`)
    await bidi.send('session.new', {
      capabilities: { alwaysMatch: { acceptInsecureCerts: authority !== undefined } },
    })
    const lines: string[] = []
    bidi.on('log.entryAdded', ({ text }) => lines.push(String(text)))
    await bidi.send('session.subscribe', { events: ['log.entryAdded'] })
    return {
      newContext: () => createContext(bidi),
      readConsole: () => lines,
      async stop() {
        bidi.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Firefox. */
export const firefox: Engine = {
  name: 'Firefox',
  programs: ['firefox-esr'],
  names: 'localhost',
  start,
}
