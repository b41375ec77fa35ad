// From what an operator wrote to a configuration, or to one readable message about all that is wrong.
import * as z from 'zod'
import { ConfigurationError } from './configuration-error.ts'
import type { Mistake } from './configuration-error.ts'
import { variables } from './environment-variables.ts'
import { isObject } from './objects.ts'
import { consistentConfigurationSchema } from './rules.ts'
import type { Configuration } from './schema.ts'

/** Sections without which nothing works: when one is missing, its settings are named instead. */
const requiredSections = { authorizationServer: {}, client: {}, cookies: {} }

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  string: 'a text',
}

/** Says what is wrong where the schema itself does not; never repeats the value. */
const describe: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') {
    const kind = kinds[issue.expected] ?? issue.expected
    return issue.input === undefined ? 'is missing; set it' : `must be ${kind}`
  }
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  if (issue.code === 'too_small' && issue.origin === 'string') return 'must not be empty'
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodObject) {
    const known = Object.keys(issue.inst.shape).join(', ')
    return `is not a setting; remove it, or choose one of ${known}`
  }
  return 'is not valid; see the documentation of this setting'
}

/** `cookies.secrets[0]`, with the environment variable that sets it when there is one. */
function nameSetting(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the configuration'
  const name = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
  const variable = variables.find((candidate) =>
    candidate.path.every((key, index) => key === path[index]),
  )
  return variable === undefined ? name : `${name} (${variable.name})`
}

const listMistakes = (issue: z.core.$ZodIssue): readonly Mistake[] =>
  (issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [...issue.path, key])
    : [issue.path]
  ).map((path) => ({ setting: nameSetting(path), message: issue.message }))

/**
 * Finds everything that is wrong with a configuration, or gives it back with its defaults.
 *
 * @param input - what an operator wrote: a parsed JSON file, settings from the environment, an object
 */
export function checkConfiguration(
  input: unknown,
): { readonly configuration: Configuration } | { readonly mistakes: readonly Mistake[] } {
  const complete = isObject(input) ? { ...requiredSections, ...input } : input
  const result = consistentConfigurationSchema.safeParse(complete, { error: describe })
  return result.success
    ? { configuration: result.data }
    : { mistakes: result.error.issues.flatMap(listMistakes) }
}

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param input - what an operator wrote; unknown keys are mistakes
 * @returns the configuration, to be handed to `createOAuthAgent`, `createOAuthProxy` or `createServer`
 * @throws {ConfigurationError} with every mistake and its mend; values are never part of the message
 */
export function parseConfiguration(input: unknown): Configuration {
  const result = checkConfiguration(input)
  if ('mistakes' in result) throw new ConfigurationError(result.mistakes)
  return result.configuration
}
