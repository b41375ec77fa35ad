// The configuration of a stand-alone handler: a file, then the environment, then the command line.
import { readFileSync } from 'node:fs'
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import { readEnvironment } from './environment.ts'
import type { Environment, Setting } from './environment.ts'
import { applySetting } from './apply-setting.ts'
import { variables } from './environment-variables.ts'
import { isObject } from './objects.ts'
import { checkConfiguration } from './parse.ts'
import type { Configuration } from './schema.ts'
import { hasTenants, parseTenants } from './tenants.ts'
import type { TenantsConfiguration } from './tenants.ts'

/** Where a configuration comes from; later sources win. */
export interface ConfigurationSources {
  /** Path of a JSON file. */
  readonly file?: string | undefined
  readonly environment: Environment
  /** Settings of the command line. */
  readonly settings?: readonly Setting[]
}

/** JSON.parse quotes the text around an error, and there may be a secret; only the place is told. */
function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const place = error instanceof Error && /line \d+ column \d+/.exec(error.message)?.[0]
    const message = `is not valid JSON${place ? ` at ${place}` : ''}; correct it`
    throw new ConfigurationError([{ setting: file, message }])
  }
}

/**
 * What a configuration file says, before any of it is checked.
 *
 * @throws {ConfigurationError} when it cannot be read or is no JSON object
 */
export function readConfigurationFile(file: string): Readonly<Record<string, unknown>> {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    const message = 'cannot be read; correct the path given by --config, or its permissions'
    throw new ConfigurationError([{ setting: file, message }])
  }
  const content = parseJson(file, text)
  if (isObject(content)) return content
  const message = 'must hold a JSON object with the settings; correct it'
  throw new ConfigurationError([{ setting: file, message }])
}

/** What a stand-alone handler serves. */
export type Deployment =
  | { readonly kind: 'single'; readonly configuration: Configuration }
  | { readonly kind: 'tenants'; readonly configuration: TenantsConfiguration }

/**
 * Reads the configuration of a stand-alone handler.
 *
 * @param sources - a JSON file, overridden by environment variables, overridden by the command line.
 *   Where the file lists tenants, the others set the server and nothing else.
 * @returns the checked configuration, defaults filled in
 * @throws {ConfigurationError} with the mistakes of all sources at once
 */
export function loadDeployment(sources: ConfigurationSources): Deployment {
  const base = sources.file === undefined ? {} : readConfigurationFile(sources.file)
  const environment = readEnvironment(sources.environment, (path) => readFileSync(path, 'utf8'))
  const settings = [...environment.settings, ...(sources.settings ?? [])]
  const mistakes = [...environment.mistakes]
  const input = settings.reduce<unknown>(
    (input, { path, value }) => applySetting(input, path, value),
    base,
  )
  if (hasTenants(base)) {
    mistakes.push(...settings.filter(isOfOneTenant).map(explainTenants))
    if (mistakes.length > 0) throw new ConfigurationError(mistakes)
    return { kind: 'tenants', configuration: parseTenants(input) }
  }
  const result = checkConfiguration(input)
  if ('mistakes' in result) mistakes.push(...result.mistakes)
  else if (mistakes.length === 0) return { kind: 'single', configuration: result.configuration }
  throw new ConfigurationError(mistakes)
}

const isOfOneTenant = ({ path: [section] }: Setting): boolean =>
  section !== 'server' && section !== 'redis'

const explainTenants = ({ path }: Setting): Mistake => ({
  setting: variables.find((variable) => variable.path === path)?.name ?? path.join('.'),
  message: 'cannot say for which tenant; remove it, and set it in the file',
})
