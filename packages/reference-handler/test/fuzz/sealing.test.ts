// Hostile cookie values: whatever bytes come in, opening them gives what was sealed, or nothing.
import * as fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createNodeSealer } from '../../src/hosts/node/node-sealer.ts'
import { createSealer } from '../../src/sealing/jwe-sealer.ts'
import { fuzz, FUZZ_TIMEOUT, madeOf } from './fuzz.ts'

const secrets = ['a secret with enough randomness in it', 'an older secret, with enough randomness']
const roles = ['proxy', 'session', 'login'] as const
const content = { refreshToken: 'r'.repeat(40), claims: { sub: 'alice', name: 'Ålice 😀' } }

const role = fc.constantFrom(...roles)

/** A change to a text at one place: other characters, fewer, or more. */
const change = fc.record({
  at: fc.nat(400),
  remove: fc.nat(6),
  insert: fc.oneof(fc.constantFrom('', 'A', '.', '=', '\0', '-'), fc.string({ maxLength: 6 })),
})

describe.each([
  ['WebCrypto', createSealer, 0.02] as const,
  ['node:crypto', createNodeSealer, 0.08] as const,
])('with %s', (_name, create, share) => {
  const sealer = create({ secrets: () => secrets, tenant: 'shop' })
  const other = create({ secrets: () => secrets, tenant: 'bank' })

  it(
    'text that nobody sealed does not open',
    async () => {
      const [header = ''] = (await sealer.seal('session', content)).split('.')
      const text = fc.oneof(
        madeOf([header, '.', '..', 'AAAA', '=', '_-', 'eyJhbGciOiJkaXIifQ']),
        fc.string({ unit: 'binary', maxLength: 5000 }),
      )
      await fuzz(share, fc.tuple(role, text), async ([role, text]) => {
        expect(await sealer.open(role, text)).toBeUndefined()
      })
    },
    FUZZ_TIMEOUT,
  )

  it(
    'a cookie that was changed anywhere opens to what was sealed, or not at all',
    async () => {
      const sealed = await sealer.seal('session', content)
      await fuzz(share, change, async ({ at, remove, insert }) => {
        const changed = sealed.slice(0, at) + insert + sealed.slice(at + remove)
        const opened = await sealer.open('session', changed)
        expect(opened === undefined || isDeepStrictEqual(opened, content)).toBe(true)
      })
    },
    FUZZ_TIMEOUT,
  )

  it(
    'what one role or tenant sealed opens for no other, however its parts are mixed',
    async () => {
      const values = fc.dictionary(fc.string({ maxLength: 10 }), fc.string({ maxLength: 60 }))
      const inputs = fc.tuple(role, role, values, fc.subarray([0, 1, 2, 3, 4]))
      await fuzz(share, inputs, async ([from, to, value, mixed]) => {
        const own = await sealer.seal(from, value)
        expect(await sealer.open(from, own)).toEqual(value)
        expect(await other.open(from, own)).toBeUndefined()
        if (from === to) return
        expect(await sealer.open(to, own)).toBeUndefined()
        const foreign = (await sealer.seal(to, value)).split('.')
        if (mixed.length === 0 || mixed.length === 5) return
        const parts = own
          .split('.')
          .map((part, index) => (mixed.includes(index) ? foreign[index] : part))
        const opened = await sealer.open(to, parts.join('.'))
        const isWhole = [0, 2, 3, 4].every((index) => mixed.includes(index))
        expect(opened !== undefined).toBe(isWhole)
      })
    },
    FUZZ_TIMEOUT,
  )
})
