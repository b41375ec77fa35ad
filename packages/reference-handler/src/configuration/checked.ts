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
  const { client, cookies, redis, ...others } = configuration
  const { secret: _client, privateKey: _key, dpopKeys: _keys, ...publicClient } = client
  const { secrets: _cookies, ...publicCookies } = cookies
  const { password: _password, url: _url, ...publicRedis } = redis
  return {
    checked: FORMAT,
    configuration: {
      ...others,
      client: publicClient,
      cookies: publicCookies,
      redis: publicRedis,
    },
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
      'was not written by a token-handler worker that this version can read; run it before the bundler'
    throw new ConfigurationError([{ setting: 'the checked configuration', message }])
  }
  const mistakes: Mistake[] = []
  const refuse = (setting: string, message: string) => mistakes.push({ setting, message })
  /** Empty where nothing is set, `undefined` where a mistake is. */
  const readText = (name: string): string | undefined => {
    const value = environment[name] ?? ''
    if (typeof value === 'string') return value
    refuse(name, 'must be a text')
    return undefined
  }

  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === '' || value === undefined) continue
    if (name !== CLIENT_SECRET && name !== COOKIE_SECRETS) refuse(name, whyUnread(name))
  }
  const secret = readText(CLIENT_SECRET)
  if (secret === '') refuse(CLIENT_SECRET, 'is missing; set it as a secret')
  const list = readText(COOKIE_SECRETS)
  const secrets = [...splitList(list ?? '')]
  if (list !== undefined && secrets.length === 0) refuse(COOKIE_SECRETS, COOKIE_SECRETS_MISSING)
  if (!secrets.every(isCookieSecret)) refuse(COOKIE_SECRETS, COOKIE_SECRET_TOO_SHORT)
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)

  const known = configuration as Configuration
  return {
    ...known,
    client: { ...known.client, secret },
    cookies: { ...known.cookies, secrets },
  }
}

/** Why a variable is not read, and what to do instead: what is secret belongs in no file. */
function whyUnread(name: string): string {
  const rest = name.slice(PREFIX.length)
  if (/^(?:CLIENT_PRIVATE_KEY|DPOP_KEYS)/.test(rest)) {
    return 'is a secret that only createWorker can check; let the worker call createWorker'
  }
  if (rest.startsWith('REDIS_')) return 'is for a store, which no worker has; remove it'
  if (/^(?:CLIENT_SECRET|COOKIE_SECRETS)_FILE$/.test(rest)) {
    return `names a file, which workers do not have; set ${name.slice(0, -5)} itself as a secret`
  }
  return 'is not read, because the configuration was checked before; remove it, and set it in the file that token-handler worker reads'
}
