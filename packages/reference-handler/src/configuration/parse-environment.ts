// The configuration of a host that has environment variables and no files.
import { applySetting } from './apply-setting.ts'
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import { readEnvironment } from './environment.ts'
import { VARIABLE_PREFIX } from './environment-variables.ts'
import { checkConfiguration } from './parse.ts'
import type { Configuration } from './schema.ts'

/**
 * Reads the configuration of a handler from environment variables: those of `token-handler serve`, but for
 * `…_FILE`.
 *
 * @param environment - such as the `env` of a worker or `process.env`; only names that start with
 *   `TOKEN_HANDLER_` are read, and have to be texts
 * @param base - settings that the environment overrides, as in a configuration file; none by default
 * @returns the checked configuration, defaults filled in
 * @throws {ConfigurationError} with every mistake and its mend; values are never part of the message
 *
 * @example
 * import { parseEnvironment } from '@token-handler/reference-handler/worker'
 *
 * const configuration = parseEnvironment({
 *   TOKEN_HANDLER_ISSUER: 'https://login.example.com',
 *   TOKEN_HANDLER_CLIENT_ID: 'spa',
 *   TOKEN_HANDLER_CLIENT_SECRET: 'from a vault',
 *   TOKEN_HANDLER_REDIRECT_URI: 'https://www.example.com/callback',
 *   TOKEN_HANDLER_COOKIE_SECRETS: 'made with: openssl rand -base64 48',
 *   TOKEN_HANDLER_TRUSTED_ORIGINS: 'https://www.example.com',
 * })
 * console.log(configuration.agentPath) // /oauth-agent
 */
export function parseEnvironment(
  environment: Readonly<Record<string, unknown>>,
  base: unknown = {},
): Configuration {
  const entries = Object.entries(environment)
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const others = entries
    .filter(([name, value]) => name.startsWith(VARIABLE_PREFIX) && typeof value !== 'string')
    .filter(([, value]) => value !== undefined)
    .map(([setting]): Mistake => ({ setting, message: 'must be a text' }))
  const { settings, mistakes } = readEnvironment(Object.fromEntries(texts), undefined)
  const input = settings.reduce<unknown>(
    (input, { path, value }) => applySetting(input, path, value),
    base,
  )
  const result = checkConfiguration(input)
  const all = [...others, ...mistakes, ...('mistakes' in result ? result.mistakes : [])]
  if ('mistakes' in result || all.length > 0) throw new ConfigurationError(all)
  return result.configuration
}
