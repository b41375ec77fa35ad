// Every environment variable the handler reads, and the setting it stands for.
import * as z from 'zod/mini'
import { configurationSchema } from './schema.ts'
import { variableNames } from './variable-names.ts'

/** How the text of a variable becomes the value of a setting. */
export type VariableKind = 'text' | 'number' | 'boolean' | 'list' | 'parameters' | 'routes'

/** A setting, and the environment variable that stands for it. */
export interface Variable {
  readonly name: string
  /** Where its value goes in the configuration. */
  readonly path: readonly [string, ...string[]]
  readonly kind: VariableKind
  /** What the configuration has when nothing is said; `undefined` when there is no such value. */
  readonly defaultValue: unknown
  readonly isRequired: boolean
  /** Whether `<name>_FILE` may name a file with the value instead. */
  readonly secret: boolean
}

/** What all names start with. A variable that starts so and is not in the table is a mistake. */
export const VARIABLE_PREFIX = 'TOKEN_HANDLER_'

const secrets = new Set([
  'client.secret',
  'client.privateKey',
  'client.dpopKeys',
  'cookies.secrets',
  'redis.password',
  'redis.url',
])

/** The table. Lists are separated by commas; routes are `path=upstream` pairs or a JSON list. */
export const variables: readonly Variable[] = Object.entries(variableNames).map(
  ([setting, name]) => {
    const [section = '', ...rest] = setting.split('.')
    const path = [section, ...rest] as const
    const { base, defaultValue, isOptional } = describe(schemaOf(path))
    return {
      name: VARIABLE_PREFIX + name,
      path,
      kind: kindOf(base),
      defaultValue,
      isRequired: !isOptional,
      secret: secrets.has(setting),
    }
  },
)

/** The schema of a setting. */
function schemaOf(path: readonly string[]): z.core.$ZodType {
  return path.reduce<z.core.$ZodType>((schema, key) => {
    const { base } = describe(schema)
    const member = base instanceof z.ZodMiniObject ? base.def.shape[key] : undefined
    if (member === undefined) throw new Error(`There is no setting ${path.join('.')}.`)
    return member
  }, configurationSchema)
}

/** A schema without what makes it optional, and what that was. */
function describe(schema: z.core.$ZodType): {
  readonly base: z.core.$ZodType
  readonly defaultValue: unknown
  readonly isOptional: boolean
} {
  if (schema instanceof z.ZodMiniDefault) {
    const { defaultValue } = schema.def
    return { ...describe(schema.def.innerType), defaultValue, isOptional: true }
  }
  if (schema instanceof z.ZodMiniPrefault || schema instanceof z.ZodMiniOptional) {
    return { ...describe(schema.def.innerType), isOptional: true }
  }
  return { base: schema, defaultValue: undefined, isOptional: false }
}

function kindOf(schema: z.core.$ZodType): VariableKind {
  if (schema instanceof z.ZodMiniNumber) return 'number'
  if (schema instanceof z.ZodMiniBoolean) return 'boolean'
  if (schema instanceof z.ZodMiniRecord) return 'parameters'
  if (!(schema instanceof z.ZodMiniArray)) return 'text'
  return schema.def.element instanceof z.ZodMiniObject ? 'routes' : 'list'
}
