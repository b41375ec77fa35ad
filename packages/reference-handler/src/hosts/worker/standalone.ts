// What the handler needs of Deno and Bun, where nothing else is said.
import { findRelaxations } from '../../configuration/relaxations.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { createConsoleLog } from '../fetch/console-log.ts'

/** How a handler differs from the usual. */
export interface StandaloneOptions extends Partial<Ports> {
  /** Answers what is neither the agent's nor a route's, such as the files of the SPA; by default 404. */
  readonly serveFiles?: ((request: Request) => Promise<Response>) | undefined
}

/** Network, clock and log of the runtime, but for what was handed over. Logs how the configuration is weak. */
export function createStandalonePorts(
  configuration: Configuration,
  options: StandaloneOptions,
): Ports {
  const { serveFiles: _, ...given } = options
  const now = given.now ?? (() => Date.now())
  const ports: Ports = {
    fetch: (url, init) => fetch(url, init),
    log: createConsoleLog(configuration.server.logLevel, now),
    ...given,
    now,
  }
  for (const relaxation of findRelaxations(configuration)) {
    ports.log.warn(relaxation, 'the configuration is weaker than its default')
  }
  return ports
}
