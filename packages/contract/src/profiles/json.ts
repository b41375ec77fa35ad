// Reading JSON whose members may be absent, or not what they should be.
import type { Operation } from '../endpoints.ts'
import type { Claims, OperationResults } from '../results.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads the result of each operation; `undefined` for a body that holds none. */
export type Decoders = {
  readonly [O in Operation]: (body: Json) => OperationResults[O] | undefined
}

/** What a result is read from: for each of its members the name in the body, and what may stand there. */
export type Members<T> = {
  readonly [K in keyof T]-?: readonly [
    name: string,
    accepts: (value: unknown) => value is Exclude<T[K], undefined>,
  ]
}

/**
 * Reads members that may each be absent or `null`; those are absent in the result.
 *
 * @returns nothing when one is anything else than what is accepted
 */
export function readMembers<T extends object>(
  body: Json,
  members: Members<T>,
): Partial<T> | undefined {
  const result: Partial<T> = {}
  for (const member of Object.keys(members) as (keyof T)[]) {
    const [name, accepts] = members[member]
    const value = body[name] ?? undefined
    if (value === undefined) continue
    if (!accepts(value)) return undefined
    result[member] = value
  }
  return result
}

/** Whether a value can be claims. */
export const isClaims = (value: unknown): value is Claims => isObject(value)

/** JSON can name a member `__proto__`; copying such claims would set a prototype. */
export function withoutPrototype({ ['__proto__']: _prototype, ...claims }: Claims): Claims {
  return claims
}

/** Whether a value is a number of seconds: JSON has no NaN, but `1e999` parses to Infinity. */
export const isSeconds = (value: unknown): value is number => Number.isFinite(value)

/**
 * Whether a body is somebody else's: it has members, and none that the answer can have. What stands in front of an
 * agent answers with JSON of its own, and 200.
 */
export const isForeign = (body: Json, ...names: readonly string[]): boolean =>
  Object.keys(body).length > 0 && !names.some((name) => name in body)
