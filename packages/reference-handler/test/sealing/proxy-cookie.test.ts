// The proxy cookie: its size, and the memory of opened ones.
import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { createSealer } from '../../src/sealing/jwe-sealer.ts'
import { createProxyCookieReader, sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { tamper } from '../support/tamper.ts'

const secrets = ['a secret with enough randomness in it']
const sealer = createSealer({ secrets: () => secrets, tenant: 'spa' })
const start = Date.UTC(2026, 0, 1)
const cookie = { accessToken: 'opaque', issuedAt: start, expiresAt: start + 60_000 }

const openOnce = (value: string) =>
  createProxyCookieReader(
    sealer,
    () => start,
    () => secrets,
  )(value)

/** A reader that counts how often it has to open a cookie, with a clock to set. */
function createReader() {
  const clock = { now: start }
  const secretsNow = { list: secrets }
  const open = vi.fn(sealer.open)
  const read = createProxyCookieReader(
    { ...sealer, open },
    () => clock.now,
    () => secretsNow.list,
  )
  /** Twice, so that it is kept. */
  async function readTwice(value: string) {
    await read(value)
    await read(value)
    expect(open).toHaveBeenCalledTimes(2)
    open.mockClear()
  }
  return { clock, open, read, readTwice, secretsNow }
}

describe('the proxy cookie', () => {
  it('carries the access token and its times', async () => {
    expect(await openOnce(await sealProxyCookie(sealer, cookie))).toEqual(cookie)
    const { expiresAt: _, ...lasting } = cookie
    expect(await openOnce(await sealProxyCookie(sealer, lasting))).toEqual(lasting)
  })

  it('carries the key that its access token is bound to, and how the session ends', async () => {
    const bound = {
      ...cookie,
      dpopKey: 'a-thumbprint',
      session: { startedAt: start, marks: ['mark'] },
    }
    expect(await openOnce(await sealProxyCookie(sealer, bound))).toEqual(bound)
  })

  it('is none to a reader without keys when its access token is bound: never a bearer token', async () => {
    const value = await sealProxyCookie(sealer, { ...cookie, dpopKey: 'a-thumbprint' })
    const content: unknown = await sealer.open('proxy', value)
    // What gateways and earlier versions take for the access token has to be a text.
    expect(content).toEqual([[cookie.accessToken, 'a-thumbprint'], start, cookie.expiresAt])
  })

  it('is at most 15 percent longer than a JWT of 1.2 kB', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const accessToken = await new SignJWT({ sub: 'alice', filler: 'x'.repeat(572) })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(privateKey)
    expect(accessToken.length).toBeGreaterThan(1150)
    expect(accessToken.length).toBeLessThan(1205)
    const sealed = await sealProxyCookie(sealer, { ...cookie, accessToken })
    expect(sealed.length / accessToken.length).toBeLessThanOrEqual(1.15)
  })

  it.each(['session', 'login'] as const)('is never a %s cookie', async (role) => {
    const sealed = await sealer.seal(role, [cookie.accessToken, cookie.issuedAt, cookie.expiresAt])
    expect(await openOnce(sealed)).toBeUndefined()
  })

  it('is not made of anything else we sealed for the role', async () => {
    const odd = [null, {}, [], ['token'], ['', 1, null], [1, 1, 1]]
    const oddBound = [[], ['token'], ['token', 1], ['', 'key'], [['token'], 'key']]
    for (const content of [...odd, ...oddBound.map((token) => [token, 1, null])]) {
      expect(await openOnce(await sealer.seal('proxy', content))).toBeUndefined()
    }
  })
})

describe('the reader of proxy cookies', () => {
  it('opens no cookie a third time', async () => {
    const { open, read, readTwice } = createReader()
    const sealed = await sealProxyCookie(sealer, cookie)
    await readTwice(sealed)
    expect(await read(sealed)).toEqual(cookie)
    expect(await read(sealed)).toEqual(cookie)
    expect(open).not.toHaveBeenCalled()
  })

  it('takes no cookie for one it knows because both end alike', async () => {
    const { open, read, readTwice } = createReader()
    const sealed = await sealProxyCookie(sealer, cookie)
    await readTwice(sealed)
    for (const part of [0, 1, 2, 3]) expect(await read(tamper(sealed, part))).toBeUndefined()
    expect(await read(sealed.slice(-12))).toBeUndefined()
    expect(open).toHaveBeenCalledTimes(5)
    expect(await read(sealed)).toEqual(cookie)
    expect(open).toHaveBeenCalledTimes(5)
  })

  it('forgets a cookie when its access token expires', async () => {
    const { clock, open, read, readTwice } = createReader()
    const sealed = await sealProxyCookie(sealer, cookie)
    await readTwice(sealed)
    clock.now = start + 60_001
    expect(await read(sealed)).toEqual(cookie)
    await read(sealed)
    expect(open).toHaveBeenCalledTimes(2)
  })

  it('does not keep a cookie whose access token has expired', async () => {
    const { clock, open, read } = createReader()
    const sealed = await sealProxyCookie(sealer, cookie)
    clock.now = start + 60_000
    for (let count = 0; count < 3; count++) expect(await read(sealed)).toEqual(cookie)
    expect(open).toHaveBeenCalledTimes(3)
  })

  it('forgets a cookie without an expiry after five minutes', async () => {
    const { clock, open, read, readTwice } = createReader()
    const sealed = await sealProxyCookie(sealer, { accessToken: 'opaque', issuedAt: start })
    await readTwice(sealed)
    clock.now = start + 300_000
    await read(sealed)
    expect(open).not.toHaveBeenCalled()
    clock.now = start + 300_001
    await read(sealed)
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('forgets all it has opened when the secrets change', async () => {
    const { open, read, readTwice, secretsNow } = createReader()
    const value = await sealProxyCookie(sealer, cookie)
    await readTwice(value)
    secretsNow.list = ['another secret with enough randomness', ...secrets]
    await readTwice(value)
    open.mockResolvedValue(undefined)
    secretsNow.list = ['another secret with enough randomness']
    expect(await read(value)).toBeUndefined()
  })

  it('does not keep what was opened while the secrets changed', async () => {
    const { open, read, secretsNow } = createReader()
    const value = await sealProxyCookie(sealer, cookie)
    await read(value)
    const opening = read(value)
    secretsNow.list = ['another secret with enough randomness']
    await read(await sealProxyCookie(sealer, cookie))
    expect(await opening).toEqual(cookie)
    open.mockResolvedValue(undefined)
    expect(await read(value)).toBeUndefined()
  })

  it('keeps the thousand cookies that were used last', async () => {
    const { open, read } = createReader()
    const values = await Promise.all(
      Array.from({ length: 1001 }, () => sealProxyCookie(sealer, cookie)),
    )
    for (const value of values) {
      await read(value)
      await read(value)
    }
    open.mockClear()
    const [first = '', ...others] = values
    for (const value of others) await read(value)
    expect(open).not.toHaveBeenCalled()
    await read(first)
    expect(open).toHaveBeenCalledTimes(1)
  })

  it('lets cookies that come once displace none that come often', async () => {
    const { open, read, readTwice } = createReader()
    const often = await sealProxyCookie(sealer, cookie)
    await readTwice(often)
    for (let count = 0; count < 2100; count++) await read(await sealProxyCookie(sealer, cookie))
    open.mockClear()
    await read(often)
    expect(open).not.toHaveBeenCalled()
  })

  it('remembers nothing about garbage', async () => {
    const { open, read } = createReader()
    expect(await read('garbage')).toBeUndefined()
    expect(await read('garbage')).toBeUndefined()
    expect(open).toHaveBeenCalledTimes(2)
  })
})
