// Finds a Chromium on this machine, or takes the one inside an npm package, and launches it.
import { accessSync, constants } from 'node:fs'
import bundledChromium from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

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

/**
 * Launches a headless Chromium with the web's security as users have it: only the executable of the
 * bundled browser is used, never its arguments, and the sandbox is off only where it cannot be on.
 */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath } = await findBrowser()
  return await chromium.launch({
    executablePath,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}
