// Chromium, by Playwright.
import type { BrowserContext } from 'playwright-core'
import { launchBrowser } from '../browser.ts'
import type { Context, Engine, EngineOptions, RunningEngine } from './engine.ts'

/** Playwright's profile, with what the tests need besides. */
export type ChromiumContext = BrowserContext & Pick<Context, 'removeCookies'>

/** Adds to a profile what the tests need besides. */
export const extendContext = (context: BrowserContext): ChromiumContext =>
  Object.assign(context, {
    async removeCookies(url: string, wanted = /^/) {
      for (const { name, domain } of await context.cookies(url)) {
        if (wanted.test(name)) await context.clearCookies({ name, domain })
      }
    },
  })

async function start(options: EngineOptions = {}): Promise<RunningEngine> {
  const browser = await launchBrowser(options)
  const lines: string[] = []
  return {
    async newContext(): Promise<Context> {
      const context = await browser.newContext()
      context.on('console', (message) => lines.push(message.text()))
      context.on('weberror', (error) => lines.push(String(error.error())))
      return extendContext(context)
    },
    readConsole: () => lines,
    stop: () => browser.close(),
  }
}

/** Chromium. */
export const chromium: Engine = { name: 'Chromium', programs: [], names: 'localhost', start }
