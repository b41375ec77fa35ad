// From what an operator wrote to a configuration, or to one readable message about all that is wrong.
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import { check } from './describe-mistakes.ts'
import { variables } from './environment-variables.ts'
import type { Variable } from './environment-variables.ts'
import { isObject } from './objects.ts'
import { consistentConfigurationSchema } from './configuration-rules.ts'
import type { Configuration } from './schema.ts'

/** Sections without which nothing works: when one is missing, its settings are named instead. */
const requiredSections = { authorizationServer: {}, client: {}, cookies: {} }

/**
 * Finds everything that is wrong with a configuration, or gives it back with its defaults.
 *
 * @param input - what an operator wrote: a parsed JSON file, settings from the environment, an object
 * @param known - the environment variables that mistakes are named by as well
 */
export function checkConfiguration(
  input: unknown,
  known: readonly Variable[] = variables,
): { readonly configuration: Configuration } | { readonly mistakes: readonly Mistake[] } {
  const complete = isObject(input) ? { ...requiredSections, ...input } : input
  const result = check(consistentConfigurationSchema, complete, known)
  return 'value' in result ? { configuration: result.value } : result
}

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param input - what an operator wrote; unknown keys are mistakes
 * @returns the configuration, to be handed to `createOAuthAgent`, `createOAuthProxy` or `createServer`
 * @throws {ConfigurationError} with every mistake and its mend; values are never part of the message
 *
 * @example
 * import { parseConfiguration } from '@token-handler/reference-handler'
 *
 * const configuration = parseConfiguration({
 *   authorizationServer: { issuer: 'https://login.example.com' },
 *   client: { id: 'spa', secret: 'from a vault', redirectUri: 'https://www.example.com/callback' },
 *   cookies: { secrets: ['made with: openssl rand -base64 48'] },
 *   trustedOrigins: ['https://www.example.com'],
 *   routes: [{ path: '/api', upstream: 'http://127.0.0.1:3002' }],
 * })
 * console.log(configuration.agentPath) // /oauth-agent
 */
export function parseConfiguration(input: unknown): Configuration {
  const result = checkConfiguration(input)
  if ('mistakes' in result) throw new ConfigurationError(result.mistakes)
  return result.configuration
}
