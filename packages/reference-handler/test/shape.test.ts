// What is read of what was sealed or sent: members of the right type, and nothing else.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import {
  anyObject,
  boolean,
  either,
  exactly,
  listOf,
  number,
  objectOf,
  recordOf,
  someText,
  text,
} from '../src/shape.ts'

const read = objectOf(
  { name: someText, at: number },
  { note: text, on: boolean, claims: anyObject, list: listOf(text), headers: recordOf(text) },
)

/** The same, as the schema library says it. */
const schema = z.object({
  name: z.string().check(z.minLength(1)),
  at: z.number(),
  note: z.optional(z.string()),
  on: z.optional(z.boolean()),
  claims: z.optional(z.record(z.string(), z.unknown())),
  list: z.optional(z.array(z.string())),
  headers: z.optional(z.record(z.string(), z.string())),
})

describe('an object', () => {
  it('is read without the members that nobody expects', () => {
    expect(read({ name: 'a', at: 1, note: '', more: true })).toEqual({ name: 'a', at: 1, note: '' })
  })

  it.each([
    ['without a required member', { at: 1 }],
    ['with an empty text that must not be', { name: '', at: 1 }],
    ['with a member of another type', { name: 'a', at: '1' }],
    ['with an optional member of another type', { name: 'a', at: 1, note: 1 }],
    ['with an optional member that is null', { name: 'a', at: 1, note: null }],
    ['with a number that is none', { name: 'a', at: NaN }],
    ['with a list that has another item', { name: 'a', at: 1, list: ['a', 1] }],
    ['with a record that has another member', { name: 'a', at: 1, headers: { a: 1 } }],
    ['that is a list', ['a', 1]],
    ['that is nothing', undefined],
  ])('%s is none', (_, value) => expect(read(value)).toBeUndefined())

  it('takes its members from itself and not from what it inherits', () => {
    expect(read(Object.create({ name: 'a', at: 1 }))).toBeUndefined()
  })

  it('is read as the schema library reads it, whatever came as JSON', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    )
    const keys = ['name', 'at', 'note', 'on', 'claims', 'list', 'headers']
    const json = fc.dictionary(fc.constantFrom(...keys), odd).map((value) => {
      const parsed: unknown = JSON.parse(JSON.stringify(value))
      return parsed
    })
    const likely = fc.record(
      { name: fc.string(), at: fc.integer(), note: odd, list: odd, headers: odd, on: odd },
      { requiredKeys: ['name', 'at'] },
    )
    fc.assert(
      fc.property(fc.oneof(json, likely), (value) => {
        const expected = schema.safeParse(value).data
        const given: unknown = read(value)
        expect(JSON.stringify(sorted(given))).toBe(JSON.stringify(sorted(expected)))
      }),
      { numRuns: 500 },
    )
  })
})

const sorted = (value: unknown): unknown =>
  anyObject(value) &&
  Object.fromEntries(Object.entries(value as object).toSorted(([a], [b]) => (a < b ? -1 : 1)))

it('one of two shapes is read by what tells them apart', () => {
  const readEither = either(
    objectOf({ kind: exactly('one'), name: text }, {}),
    objectOf({ kind: exactly('other'), at: number }, {}),
  )
  expect(readEither({ kind: 'one', name: 'a' })).toEqual({ kind: 'one', name: 'a' })
  expect(readEither({ kind: 'other', at: 1 })).toEqual({ kind: 'other', at: 1 })
  expect(readEither({ kind: 'other', name: 'a' })).toBeUndefined()
})
