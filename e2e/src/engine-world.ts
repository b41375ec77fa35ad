// Everything of one test file in the engine of this run: the servers, a browser, and what they said.
import type { RunningEngine } from './engines/engine.ts'
import { engine } from './engines/index.ts'
import { watchForSecrets } from './leaks.ts'
import { startServers } from './servers.ts'
import type { Servers, ServersOptions } from './servers.ts'
import { createVisitor } from './visitor.ts'
import type { Visitor as AnyVisitor } from './visitor.ts'

export type Visitor = AnyVisitor

/** A running world. */
export interface World extends Servers, Pick<RunningEngine, 'readConsole'> {
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
  const servers = await startServers(engine.names, options)
  const browser = await engine.start().catch(async (error: unknown) => {
    await servers.stop()
    throw error
  })
  return {
    ...servers,
    readConsole: browser.readConsole,
    newVisitor: async () => createVisitor(await browser.newContext(), servers.stack.urls.spa),
    async stop() {
      await browser.stop()
      await servers.stop()
      endWatch(servers)
    },
  }
}
