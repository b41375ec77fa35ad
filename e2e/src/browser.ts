// Finds a Chromium on this machine, or takes the one inside an npm package, and launches it.
import { createHash, X509Certificate } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import bundledChromium from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'
import type { EngineOptions } from './engines/engine.ts'

const installed = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

function isExecutable(path: string | undefined): path is string {
  if (path === undefined) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A Chromium and what is known of it. */
export interface FoundBrowser {
  readonly executablePath: string
  /** Whether it keeps pages in a back/forward cache; the bundled headless shell has none. */
  readonly hasBackForwardCache: boolean
}

/** Finds an installed Chrome or Chromium, else the one that comes with the tests. */
export async function findBrowser(): Promise<FoundBrowser> {
  const path = installed.find(isExecutable)
  return path === undefined
    ? { executablePath: await bundledChromium.executablePath(), hasBackForwardCache: false }
    : { executablePath: path, hasBackForwardCache: true }
}

/** As browsers name keys: what is signed by one of these is cached, too, which what is merely put up with is not. */
const hashKey = (pem: string): string =>
  createHash('sha256')
    .update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')

const mapHosts = (hosts: readonly string[]): string =>
  hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ')

/**
 * Launches a headless Chromium with the web's security as users have it: only the executable of the
 * bundled browser is used, never its arguments, and the sandbox is off only where it cannot be on.
 *
 * @param place - names that lead to this machine, by default those below `localhost` alone, and a certificate
 *   authority, as PEM, that is trusted besides those that everybody trusts
 */
export async function launchBrowser({
  hosts = [],
  authority,
}: EngineOptions = {}): Promise<Browser> {
  const { executablePath } = await findBrowser()
  return await chromium.launch({
    executablePath,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(authority === undefined
        ? []
        : [`--ignore-certificate-errors-spki-list=${hashKey(authority)}`]),
      ...(hosts.length > 0 ? [`--host-resolver-rules=${mapHosts(hosts)}`] : []),
    ],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}
