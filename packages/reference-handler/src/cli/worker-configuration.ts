// `token-handler worker`: checks the configuration of a worker before it is deployed, and writes what goes into its bundle.
import { withoutSecrets } from '../configuration/checked.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Setting } from '../configuration/environment.ts'
import { loadDeployment } from '../configuration/load.ts'
import { findRelaxations } from '../configuration/relaxations.ts'
import type { Configuration } from '../configuration/schema.ts'
import { requireWhatFetchCan } from '../hosts/fetch/fetch-rules.ts'
import { writePrivateFile } from './write-private-file.ts'

/** Stand for the secrets, which are the worker's and not here. */
const placeholders: readonly Setting[] = [
  { path: ['client', 'secret'], value: 'set as the worker starts' },
  { path: ['cookies', 'secrets'], value: ['set as the worker starts: this has 32 bytes'] },
]

/**
 * Prints or writes the checked configuration, without a secret.
 *
 * @throws {ConfigurationError} when the configuration is wrong or no worker can have it, or the file cannot be written
 */
export function printForWorker({
  file,
  out,
}: {
  readonly file?: string | undefined
  readonly out?: string | undefined
}): void {
  const deployment = loadDeployment({ file, environment: {}, settings: placeholders })
  if (deployment.kind === 'tenants') {
    const message = 'is for several SPAs; a worker serves one, so make a worker of each'
    throw new ConfigurationError([{ setting: 'tenants', message }])
  }
  const { configuration } = deployment
  requireNoKeys(configuration)
  requireWhatFetchCan(configuration, {}, true)
  const checked = withoutSecrets(configuration, findRelaxations(configuration))
  const text = JSON.stringify(checked, null, 2)
  if (out === undefined) console.log(text)
  else writePrivateFile(out, `${text}\n`)
}

/** Keys are secrets, and to check them takes the schema, which is what such a worker does without. */
function requireNoKeys({ client }: Configuration): void {
  const mistakes = (['privateKey', 'dpopKeys'] as const)
    .filter((name) => client[name] !== undefined)
    .map((name) => ({ setting: `client.${name}`, message: NEEDS_SCHEMA }))
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

const NEEDS_SCHEMA =
  'is a secret that only a worker with the whole schema can check; remove it, and let the worker call createWorker'
