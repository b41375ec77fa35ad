// Names and sealed contents of a shared store: the same whatever makes them, and nothing opens where it does not belong.
import { describe, expect, it } from 'vitest'
import { nodeStoreCrypto } from '../../src/hosts/node/node-store-crypto.ts'
import { webStoreCrypto } from '../../src/store/store-crypto.ts'
import { createStoreKeys } from '../../src/store/store-keys.ts'
import { tamper } from '../support/tamper.ts'

const primitives = { WebCrypto: webStoreCrypto, 'node:crypto': nodeStoreCrypto }
const secrets = ['the newest cookie secret of a deployment', 'the one that it had before']

const createKeys = (
  by: keyof typeof primitives,
  {
    list = secrets,
    tenant = 'a tenant',
  }: { readonly list?: readonly string[]; readonly tenant?: string } = {},
) => createStoreKeys({ secrets: () => list, tenant, crypto: primitives[by] })

const content = { text: 'Alice ✓', list: [1, 2, 3] }

describe.each([
  ['WebCrypto', 'node:crypto'],
  ['node:crypto', 'WebCrypto'],
] as const)('what %s makes, for %s', (one, other) => {
  it('has the same names, one for each secret', async () => {
    const names = await createKeys(one).namesOf('refresh', 'the refresh token')
    expect(names).toEqual(await createKeys(other).namesOf('refresh', 'the refresh token'))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^\{[\w-]{2}\}:refresh:[\w-]{43}$/)
  })

  it('opens, and with any of the secrets', async () => {
    const sealed = await createKeys(one, { list: secrets.slice(1) }).seal('refresh', 'a', content)
    expect(await createKeys(other).open('refresh', 'a', sealed)).toEqual(content)
    expect(sealed).not.toContain('Alice')
  })

  it.each([
    ['another text', 'refresh', 'b', {}],
    ['another purpose', 'ended', 'a', {}],
    ['another tenant', 'refresh', 'a', { tenant: 'another tenant' }],
    ['another secret', 'refresh', 'a', { list: ['a cookie secret of somebody else'] }],
  ])('does not open for %s', async (_, purpose, text, options) => {
    const sealed = await createKeys(one).seal('refresh', 'a', content)
    expect(await createKeys(other, options).open(purpose, text, sealed)).toBeUndefined()
  })

  it('does not open when a part of it is another one, or when it is no such thing', async () => {
    const sealed = await createKeys(one).seal('refresh', 'a', content)
    const keys = createKeys(other)
    for (const part of [0, 1, 2]) {
      expect(await keys.open('refresh', 'a', tamper(sealed, part))).toBeUndefined()
    }
    const [id = '', iv = ''] = sealed.split('.')
    for (const text of [
      '',
      '.',
      id,
      `${id}.${iv}`,
      `${id}.${iv}.`,
      `${id}.${iv}.AAAA`,
      `${id}..A`,
    ]) {
      expect(await keys.open('refresh', 'a', text)).toBeUndefined()
    }
  })
})
