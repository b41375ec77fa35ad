// From what a schema objects to, to what the person who wrote the configuration reads.
import * as z from 'zod/mini'
import type { Mistake } from './configuration-error.ts'
import type { Variable } from './environment-variables.ts'

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
  if (issue.code === 'unrecognized_keys' && issue.inst instanceof z.ZodMiniObject) {
    const known = Object.keys(issue.inst.shape).join(', ')
    return `is not a setting; remove it, or choose one of ${known}`
  }
  return 'is not valid; see the documentation of this setting'
}

/** `cookies.secrets[0]`, with the environment variable that sets it when there is one. */
export function nameSetting(path: readonly PropertyKey[], variables: readonly Variable[]): string {
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

const listMistakes = (
  issue: z.core.$ZodIssue,
  variables: readonly Variable[],
): readonly Mistake[] =>
  (issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => [...issue.path, key])
    : [issue.path]
  ).map((path) => ({ setting: nameSetting(path, variables), message: issue.message }))

/**
 * Checks what an operator wrote.
 *
 * @param variables - the environment variables that the operator may have set
 * @returns the value with its defaults, or everything that is wrong with it
 */
export function check<Output>(
  schema: z.ZodMiniType<Output>,
  input: unknown,
  variables: readonly Variable[],
): { readonly value: Output } | { readonly mistakes: readonly Mistake[] } {
  const result = schema.safeParse(input, { error: describe })
  if (result.success) return { value: result.data }
  return { mistakes: result.error.issues.flatMap((issue) => listMistakes(issue, variables)) }
}
