// Chromium by its own WebDriver, for what a page in Playwright's hands never is: prerendered, or frozen.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../../packages/reference-handler/test/support/free-port.ts'
import { findBrowser } from './browser.ts'
import { startChild } from './engines/child.ts'
import { until } from './engines/until.ts'
import { openSession } from './engines/webdriver.ts'

/** A tab. */
export interface DrivenTab {
  readonly goto: (url: string) => Promise<void>
  /** Runs a function in the page, which sees nothing but its arguments, and awaits what it returns. */
  readonly evaluate: <Arguments extends readonly string[], Result>(
    run: (...given: Arguments) => Result | Promise<Result>,
    ...given: Arguments
  ) => Promise<Result>
  /** Stops everything in a tab that is not the newest one, as browsers do with hidden tabs. */
  readonly freeze: () => Promise<void>
}

/** A browser with one profile. */
export interface DrivenBrowser {
  readonly openTab: () => Promise<DrivenTab>
  readonly stop: () => Promise<void>
}

/** What has to be on the machine. */
export const program = 'chromedriver'

/** Starts one. */
export async function startDrivenBrowser(): Promise<DrivenBrowser> {
  const { executablePath } = await findBrowser()
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'))
  const port = await findFreePort()
  const child = startChild(program, [`--port=${port}`])
  const stop = async () => {
    await child.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  const args = ['--headless=new', `--user-data-dir=${profile}`]
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  const capabilities = { 'goog:chromeOptions': { binary: executablePath, args } }
  const { within } = await until(program, () =>
    openSession(`http://127.0.0.1:${port}`, capabilities),
  ).catch(async (error: unknown) => {
    await stop()
    throw error
  })

  return {
    stop,
    async openTab() {
      const opened = await within(undefined, (send) => send('POST', '/window/new', { type: 'tab' }))
      const { handle } = opened as { readonly handle: string }
      return {
        goto: (url) => within(handle, async (send) => void (await send('POST', '/url', { url }))),
        async evaluate<Result>(run: unknown, ...given: readonly string[]) {
          const script = `return (${String(run)})(...arguments)`
          const result = await within(handle, (send) =>
            send('POST', '/execute/sync', { script, args: given }),
          )
          // It knows null alone.
          return (result ?? undefined) as Result
        },
        freeze: () =>
          within(handle, async (send) => {
            const params = { state: 'frozen' }
            await send('POST', '/goog/cdp/execute', { cmd: 'Page.setWebLifecycleState', params })
          }),
      }
    },
  }
}
