// `token-handler worker`: checks the configuration of a worker before it is deployed, and writes what goes into its bundle.
import { applySetting } from '../configuration/apply-setting.ts'
import { withoutSecrets } from '../configuration/checked.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Mistake } from '../configuration/configuration-error.ts'
import type { Setting } from '../configuration/environment.ts'
import { readConfigurationFile } from '../configuration/load.ts'
import { isObject } from '../configuration/objects.ts'
import { checkConfiguration } from '../configuration/parse.ts'
import { findRelaxations } from '../configuration/relaxations.ts'
import type { Configuration } from '../configuration/schema.ts'
import { hasTenants } from '../configuration/tenants.ts'
import { NEEDS_CERTIFICATE, requireWhatFetchCan } from '../hosts/fetch/fetch-rules.ts'
import { writePrivateFile } from './write-private-file.ts'

type Input = Readonly<Record<string, unknown>>

/** Stand for the secrets, which are the worker's and not here. */
const placeholders: readonly Setting[] = [
  { path: ['client', 'secret'], value: 'set as the worker starts' },
  { path: ['cookies', 'secrets'], value: ['set as the worker starts: this has 32 bytes'] },
]

/** What may be in the file, and is never in what is written. */
const secrets = [
  ['client', 'secret'],
  ['cookies', 'secrets'],
  ['redis', 'password'],
] as const

/**
 * Prints or writes the checked configuration, without a secret. The file is all that is read.
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
  const input = file === undefined ? {} : readConfigurationFile(file)
  const configuration = checkForWorker(input)
  for (const [section, name] of secrets) {
    if (sectionOf(input, section)[name] === undefined) continue
    console.error(`${section}.${name} is in the file and not needed there; remove it`)
  }
  const checked = withoutSecrets(configuration, findRelaxations(configuration))
  const text = JSON.stringify(checked, null, 2)
  if (out === undefined) console.log(text)
  else writePrivateFile(out, `${text}\n`)
}

function checkForWorker(input: Input): Configuration {
  if (hasTenants(input)) {
    const message = 'is for several SPAs; a worker serves one, so make a worker of each'
    throw new ConfigurationError([{ setting: 'tenants', message }])
  }
  requireSecretAlone(input)
  const whole = placeholders.reduce<unknown>(
    (input, { path, value }) => applySetting(input, path, value),
    input,
  )
  const result = checkConfiguration(whole, [])
  if ('mistakes' in result) throw new ConfigurationError(result.mistakes)
  requireWhatFetchCan(result.configuration, {}, true, [])
  return result.configuration
}

/**
 * Checks, before the schema does, that the client has no other credential than its secret: the rules of the schema
 * would object to what stands for that.
 */
function requireSecretAlone(input: Input): void {
  const { authentication, ...client } = sectionOf(input, 'client')
  const mistakes: Mistake[] = (['privateKey', 'dpopKeys'] as const)
    .filter((name) => client[name] !== undefined)
    .map((name) => ({ setting: `client.${name}`, message: IS_KEY }))
  if (authentication === 'private_key_jwt') {
    mistakes.push({ setting: 'client.authentication', message: NEEDS_KEY })
  }
  if (typeof authentication === 'string' && authentication.endsWith('tls_client_auth')) {
    mistakes.push({ setting: 'client.authentication', message: NEEDS_CERTIFICATE })
  }
  if (input['profile'] === 'fapi-2.0') mistakes.push({ setting: 'profile', message: NEEDS_KEY })
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}

function sectionOf(input: Input, name: string): Input {
  const section = input[name]
  return isObject(section) ? section : {}
}

const IS_KEY =
  'is a secret that only createWorker can check; remove it, and let the worker call createWorker'

const NEEDS_KEY = 'needs a key, which only createWorker can check; let the worker call createWorker'
