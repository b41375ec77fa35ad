// Reading what was sealed or sent as JSON into what code expects of it. A schema library does this as well, with 10 kB
// that a worker evaluates as it starts: decisions/0039.
import { isObject } from './configuration/objects.ts'

/** Resolves a value to its type; `undefined` when it is of another. */
export type Reader<T> = (value: unknown) => T | undefined

type Readers = Readonly<Record<string, Reader<unknown>>>

/** What a reader reads. */
export type Read<R> = R extends Reader<infer T> ? T : never

type Members<R extends Readers, O extends Readers> = {
  readonly [K in keyof R]: Read<R[K]>
} & { readonly [K in keyof O]?: Read<O[K]> }

/** Any text. */
export const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined)

/** Text that is not empty. */
export const someText: Reader<string> = (value) => text(value) || undefined

/** A finite number. */
export const number: Reader<number> = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** True or false. */
export const boolean: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)

/** One text and no other. */
export const exactly =
  <T extends string>(expected: T): Reader<T> =>
  (value) =>
    value === expected ? expected : undefined

/** What the first of two readers reads, or else the second. */
export const either =
  <A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> =>
  (value) =>
    first(value) ?? second(value)

/** An object, whatever its members are. */
export const anyObject: Reader<Readonly<Record<string, unknown>>> = (value) =>
  isObject(value) ? value : undefined

/** An object whose members all are of one type. */
export const recordOf =
  <T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value) =>
    isObject(value) && Object.values(value).every((member) => read(member) !== undefined)
      ? (value as Readonly<Record<string, T>>)
      : undefined

/** A list whose items all are of one type. */
export const listOf =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return undefined
    const items = value.map(read).filter((item) => item !== undefined)
    return items.length === value.length ? items : undefined
  }

/**
 * An object with these members; others are left out.
 *
 * @param required - members that must be there
 * @param optional - members that may be missing or `undefined`, but not of another type
 */
export function objectOf<R extends Readers, O extends Readers>(
  required: R,
  optional: O,
): Reader<Members<R, O>> {
  const readers = Object.entries({ ...required, ...optional })
  return (value) => {
    if (!isObject(value)) return undefined
    const members: Record<string, unknown> = {}
    for (const [name, read] of readers) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined
      const member = given === undefined ? undefined : read(given)
      if (member === undefined && (given !== undefined || Object.hasOwn(required, name)))
        return undefined
      if (member !== undefined) members[name] = member
    }
    return members as Members<R, O>
  }
}
