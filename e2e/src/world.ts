// Everything of one test file: the local stack, the built example app, a browser, and what they said.
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack, LocalStackOptions } from '@token-handler/local-stack'
import type { Browser } from 'playwright-core'
import { startSpa } from 'react-spa/serve'
import { launchBrowser } from './browser.ts'
import { findFreePort } from './free-port.ts'
import { findLeaks } from './leaks.ts'
import { listenToOutput } from './output.ts'
import { createVisitor } from './visitor.ts'
import type { Visitor } from './visitor.ts'

/** A running world. */
export interface World {
  readonly stack: LocalStack
  readonly browser: Browser
  /** All that the handler and the authorization server logged, at level trace. */
  readonly log: readonly string[]
  /** A new browser profile with one tab. */
  readonly newVisitor: () => Promise<Visitor>
  /**
   * Stops everything, then searches log, stdout and stderr of the whole run for secrets.
   * @throws when one is found
   */
  readonly stop: () => Promise<void>
}

/** Options of {@link startWorld}. */
export interface WorldOptions extends LocalStackOptions {
  /** Whether the app shows the buttons that make things go wrong; default false. */
  readonly developmentPanel?: boolean
}

/** Starts the stack on free ports, the production build of the example app, and a browser. */
export async function startWorld({
  developmentPanel = false,
  ...options
}: WorldOptions = {}): Promise<World> {
  const log: string[] = []
  const output = listenToOutput()
  const stack = await startLocalStack({
    ports: { spa: await findFreePort(), handler: 0, authorizationServer: 0, api: 0, control: 0 },
    log: { level: 'trace', destination: { write: (line) => void log.push(line) } },
    ...options,
  })
  const spa = await startSpa({
    mode: 'preview',
    port: Number(new URL(stack.urls.spa).port),
    agentUrl: stack.urls.agent,
    apiUrl: `${stack.urls.api}/`,
    controlUrl: developmentPanel ? stack.urls.control : undefined,
  })
  const browser = await launchBrowser()
  return {
    stack,
    browser,
    log,
    newVisitor: () => createVisitor(browser, stack.urls.spa),
    async stop() {
      await browser.close()
      await spa.stop()
      await stack.stop()
      const texts = [
        ...log.map((text) => ({ where: 'log', text })),
        ...output.stop().map((text) => ({ where: 'stdout or stderr', text })),
      ]
      const leaks = findLeaks(texts, stack.issuedSecrets())
      if (leaks.length > 0) throw new Error(`Secrets were logged: ${JSON.stringify(leaks)}`)
    },
  }
}
