// Claims through the app's schema.
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { createClaimsReader } from '../../src/session/read-claims.ts'

const schema = z.object({
  sub: z.string(),
  address: z.object({ country: z.string() }),
  roles: z.array(z.string()),
})
const readClaims = createClaimsReader<z.infer<typeof schema>>((claims) =>
  schema['~standard'].validate(claims),
)

describe('claims', () => {
  it('that fit come out as the schema makes them', async () => {
    const read = createClaimsReader((claims) =>
      z.object({ sub: z.string().transform((sub) => sub.length) })['~standard'].validate(claims),
    )
    expect(await read({ sub: 'alice', extra: 1 })).toEqual({ kind: 'fit', claims: { sub: 5 } })
  })

  it('that do not fit are named by their paths, once each, without their values', async () => {
    const read = await readClaims({ sub: 7, address: {}, roles: ['a', 5] })
    expect(read).toMatchObject({
      kind: 'misfit',
      error: { code: 'contract_violation', retryable: false },
    })
    const message = read.kind === 'misfit' ? read.error.message : ''
    expect(message).toContain('sub, address.country, roles.1')
    expect(message).not.toMatch(/[75]/)
  })

  it('that no schema accepts as a whole are an error too', async () => {
    const read = createClaimsReader(() => ({ issues: [{ message: 'no' }] }))
    expect(await read({})).toMatchObject({ error: { code: 'contract_violation' } })
  })

  it('may meet a schema that throws', async () => {
    const cause = new Error('broken schema')
    const read = createClaimsReader(() => {
      throw cause
    })
    expect(await read({})).toMatchObject({ error: { code: 'contract_violation', cause } })
  })

  it('that are the same are the same object again, and are checked once', async () => {
    const validate = vi.fn((value: object) => ({ value: { ...value } }))
    const read = createClaimsReader(validate)
    const first = await read({ sub: 'alice' })
    expect(await read({ sub: 'alice' })).toBe(first)
    expect(validate).toHaveBeenCalledTimes(1)
    expect(await read({ sub: 'bob' })).not.toBe(first)
  })

  it('cannot be changed, all the way down, with a schema and without', async () => {
    const claims = { sub: 'alice', address: { country: 'SE' }, roles: ['buyer'] }
    for (const read of [readClaims, createClaimsReader((value) => ({ value }))]) {
      const result = await read(structuredClone(claims))
      const seen = result.kind === 'fit' ? (result.claims as typeof claims) : undefined
      expect(seen).toEqual(claims)
      for (const part of [seen, seen?.address, seen?.roles])
        expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('may come out as objects of a class, whose methods may write', async () => {
    class User {
      visits = 0
      readonly born = new Date(0)
      visit() {
        this.visits += 1
      }
    }
    const read = createClaimsReader(() => ({ value: { user: new User(), seen: new Map() } }))
    const result = await read({ sub: 'alice' })
    if (result.kind === 'misfit') throw result.error
    const { user, seen } = result.claims
    user.visit()
    user.born.setTime(1)
    seen.set('key', 1)
    expect(user.visits).toBe(1)
    expect(Object.isFrozen(result.claims)).toBe(true)
  })

  it('may come out as an object that refers to itself, or that cannot be frozen', async () => {
    const self: { self?: object } = {}
    self.self = self
    const fixed = new Proxy({ sub: 'alice' }, { preventExtensions: () => false })
    for (const value of [self, fixed]) {
      expect(await createClaimsReader(() => ({ value }))({})).toEqual({
        kind: 'fit',
        claims: value,
      })
    }
  })
})
