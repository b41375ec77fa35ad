// A worker that reads its configuration from variables and secrets as it starts.
import { parseEnvironment } from '../../configuration/parse-environment.ts'
import { findRelaxations } from '../../configuration/relaxations.ts'
import { requireWhatFetchCan } from '../fetch/fetch-rules.ts'
import { createConfiguredWorker } from './configured-worker.ts'
import type { Worker, WorkerHostOptions } from './configured-worker.ts'

/** How a worker differs from the usual. */
export interface WorkerOptions extends WorkerHostOptions {
  /** Settings that the environment overrides, as in a configuration file; none by default. */
  readonly settings?: unknown
}

/**
 * Creates a worker that serves the OAuth Agent, the OAuth Proxy and, from the binding `ASSETS`, the SPA. It is
 * configured by its variables and secrets, by the same names as `token-handler serve`. A mistake there is logged with
 * its mend, and every request answers 500 until it is mended.
 *
 * @param options - see {@link WorkerOptions}; every option has a default
 *
 * @example
 * import { createWorker, Refreshes } from '@token-handler/reference-handler/worker'
 *
 * export { Refreshes }
 * export default createWorker({ settings: { agentPath: '/auth' } })
 */
export function createWorker(options: WorkerOptions = {}): Worker {
  return createConfiguredWorker((env) => {
    const configuration = parseEnvironment({ ...env }, options.settings)
    requireWhatFetchCan(configuration, {}, true)
    return { configuration, relaxations: findRelaxations(configuration) }
  }, options)
}
