// A worker whose configuration was checked before it was deployed: it holds no code for that.
import { withSecrets } from '../../configuration/checked.ts'
import type { CheckedConfiguration } from '../../configuration/checked.ts'
import { createConfiguredWorker } from './configured-worker.ts'
import type { Worker, WorkerHostOptions } from './configured-worker.ts'

/**
 * Creates a worker as `createWorker` does, from a configuration that `token-handler worker` has checked. Of the
 * environment it reads the secrets, `TOKEN_HANDLER_CLIENT_SECRET` and `TOKEN_HANDLER_COOKIE_SECRETS`. A mistake there is
 * logged with its mend, and every request answers 500 until it is mended.
 *
 * @param checked - what `token-handler worker` has written, such as the default export of that JSON file
 * @param options - see {@link WorkerHostOptions}; every option has a default
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createCheckedWorker, Refreshes } from '@token-handler/reference-handler/worker/checked'
 *
 * export { Refreshes }
 * // A bundler knows `import configuration from './configuration.json'`.
 * const configuration = JSON.parse(await readFile('configuration.json', 'utf8'))
 * export default createCheckedWorker(configuration)
 */
export function createCheckedWorker(
  checked: CheckedConfiguration,
  options: WorkerHostOptions = {},
): Worker {
  return createConfiguredWorker(
    (env) => ({
      configuration: withSecrets(checked, { ...env }),
      relaxations: checked.relaxations,
    }),
    options,
  )
}
