// Reading what others have written, or this tab before.

/** An object of JSON, or an array. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What a text says as JSON; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null

export const isString = (value: unknown): value is string => typeof value === 'string'

export const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** Accepts what is absent, too. */
export const isOptional =
  <T>(accepts: (value: unknown) => value is T) =>
  (value: unknown): value is T | undefined =>
    value === undefined || accepts(value)
