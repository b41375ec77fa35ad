// Everything of one test file in Chromium: the servers, a browser, and what they said.
import type { Browser } from 'playwright-core'
import { launchBrowser } from './browser.ts'
import { extendContext } from './engines/chromium.ts'
import type { ChromiumContext } from './engines/chromium.ts'
import { watchForSecrets } from './leaks.ts'
import { startServers } from './servers.ts'
import type { Servers, ServersOptions } from './servers.ts'
import { createVisitor } from './visitor.ts'
import type { Visitor as AnyVisitor } from './visitor.ts'

export type Visitor = AnyVisitor<ChromiumContext>

/** A running world. */
export interface World extends Servers {
  readonly browser: Browser
  /** A new browser profile with one tab. */
  readonly newVisitor: () => Promise<Visitor>
  /**
   * Stops everything, then searches log, stdout and stderr of the whole run for secrets.
   * @throws when one is found
   */
  readonly stop: () => Promise<void>
}

/** Starts the stack on free ports, the production build of the example app, and a browser. */
export async function startWorld(options: ServersOptions = {}): Promise<World> {
  const endWatch = watchForSecrets()
  const servers = await startServers('localhost', options)
  const browser = await launchBrowser()
  return {
    ...servers,
    browser,
    newVisitor: async () =>
      createVisitor(extendContext(await browser.newContext()), servers.stack.urls.spa),
    async stop() {
      await browser.close()
      await servers.stop()
      endWatch(servers)
    },
  }
}
