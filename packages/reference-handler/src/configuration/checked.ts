// A configuration that was checked before it was deployed: everything but its secrets, which a host adds as it starts.
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import type { Relaxation } from './relaxations.ts'
import type { Configuration } from './schema.ts'
import { COOKIE_SECRET_TOO_SHORT, COOKIE_SECRETS_MISSING, isCookieSecret } from './secrets.ts'
import { splitList } from './split-list.ts'

/** What `token-handler worker` writes: JSON, without a secret. */
export interface CheckedConfiguration {
  /** Tells it from a file with settings that nobody has checked. */
  readonly checked: number
  readonly configuration: object
  /** How it is weaker than its defaults, for the log. */
  readonly relaxations: readonly Relaxation[]
}

/** Changes when an older worker could not read what is written, or a newer one what was. */
const FORMAT = 1

const PREFIX = 'TOKEN_HANDLER_'
const CLIENT_SECRET = `${PREFIX}CLIENT_SECRET`
const COOKIE_SECRETS = `${PREFIX}COOKIE_SECRETS`

/** What of a configuration may be in a bundle. */
export function withoutSecrets(
  configuration: Configuration,
  relaxations: readonly Relaxation[],
): CheckedConfiguration {
  const { client, cookies, ...others } = configuration
  const { secret: _client, privateKey: _key, dpopKeys: _keys, ...publicClient } = client
  const { secrets: _cookies, ...publicCookies } = cookies
  return {
    checked: FORMAT,
    configuration: { ...others, client: publicClient, cookies: publicCookies },
    relaxations,
  }
}

/**
 * Adds the secrets to a configuration that was checked.
 *
 * @param environment - `TOKEN_HANDLER_CLIENT_SECRET` and `TOKEN_HANDLER_COOKIE_SECRETS`; what else begins so is a mistake
 * @throws {ConfigurationError} with every mistake and its mend; values are never part of the message
 */
export function withSecrets(
  { checked, configuration }: CheckedConfiguration,
  environment: Readonly<Record<string, unknown>>,
): Configuration {
  if (checked !== FORMAT) {
    const message =
      'was not written by token-handler worker of this version; run it before the bundler'
    throw new ConfigurationError([{ setting: 'the checked configuration', message }])
  }
  const mistakes: Mistake[] = []
  const texts = new Map<string, string>()
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || typeof value !== 'string' || value === '') continue
    if (name === CLIENT_SECRET || name === COOKIE_SECRETS) texts.set(name, value)
    else mistakes.push({ setting: name, message: BESIDE })
  }
  const secret = texts.get(CLIENT_SECRET)
  if (secret === undefined) {
    mistakes.push({ setting: CLIENT_SECRET, message: 'is missing; set it as a secret' })
  }
  const secrets = [...splitList(texts.get(COOKIE_SECRETS) ?? '')]
  if (secrets.length === 0) {
    mistakes.push({ setting: COOKIE_SECRETS, message: COOKIE_SECRETS_MISSING })
  } else if (!secrets.every(isCookieSecret)) {
    mistakes.push({ setting: COOKIE_SECRETS, message: COOKIE_SECRET_TOO_SHORT })
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
  const known = configuration as Configuration
  return {
    ...known,
    client: { ...known.client, secret },
    cookies: { ...known.cookies, secrets },
  }
}

const BESIDE =
  'is not read, because the configuration was checked before; remove it, and set it in the file that token-handler worker reads'
