// Sealing cookies, with WebCrypto and with node:crypto: what opens, what does not, and that nothing
// makes it throw.
import * as fc from 'fast-check'
import { base64url, CompactEncrypt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { createNodeSealer } from '../../src/hosts/node/node-sealer.ts'
import { createSealer } from '../../src/sealing/jwe-sealer.ts'
import type { Sealer } from '../../src/sealing/sealer.ts'
import { tamper } from '../support/tamper.ts'

const oldSecret = 'an old secret with enough randomness'
const newSecret = 'a new secret with enough randomness!'
const content = { refreshToken: 'r', claims: { sub: 'alice', name: 'Ålice 😀' } }
const sealers = { WebCrypto: createSealer, 'node:crypto': createNodeSealer }
const roles = ['proxy', 'session', 'login'] as const

/** The parts of a sealed text whose ciphertext has some character. */
async function sealWith(sealer: Sealer, character: string): Promise<readonly string[]> {
  for (;;) {
    const parts = (await sealer.seal('session', content)).split('.')
    if (parts[3]?.includes(character)) return parts
  }
}

describe.each(Object.entries(sealers))('with %s', (_name, create) => {
  const sealerOf = (...secrets: string[]) => create({ secrets: () => secrets, tenant: 'spa' })

  describe('the sealer', () => {
    it('opens what it sealed, in another process too', async () => {
      const sealed = await sealerOf(newSecret).seal('session', content)
      expect(await sealerOf(newSecret).open('session', sealed)).toEqual(content)
    })

    it('writes text that is safe in a cookie and says nothing', async () => {
      const sealed = await sealerOf(newSecret).seal('session', content)
      expect(sealed).toMatch(/^[\w.-]+$/)
      expect(decodeProtectedHeader(sealed)).toEqual({
        alg: 'dir',
        enc: 'A256GCM',
        kid: expect.stringMatching(/^[\w-]{6}$/) as unknown,
      })
    })

    it('seals the same content differently each time', async () => {
      const sealer = sealerOf(newSecret)
      expect(await sealer.seal('session', content)).not.toBe(await sealer.seal('session', content))
    })

    it('opens a cookie for its own role only', async () => {
      const sealer = sealerOf(newSecret)
      for (const role of roles) {
        const sealed = await sealer.seal(role, content)
        for (const other of roles) {
          expect(await sealer.open(other, sealed)).toEqual(role === other ? content : undefined)
        }
      }
    })

    it('does not open a cookie for another role that was relabelled with that role’s key', async () => {
      const sealer = sealerOf(newSecret)
      const [, ...rest] = (await sealer.seal('session', content)).split('.')
      const [proxyHeader] = (await sealer.seal('proxy', content)).split('.')
      expect(await sealer.open('proxy', [proxyHeader, ...rest].join('.'))).toBeUndefined()
    })

    it('does not open the cookies of another tenant', async () => {
      const sealed = await sealerOf(newSecret).seal('session', content)
      const other = create({ secrets: () => [newSecret], tenant: 'another spa' })
      expect(await other.open('session', sealed)).toBeUndefined()
    })

    it('keeps everyone signed in while secrets rotate', async () => {
      const before = await sealerOf(oldSecret).seal('session', content)
      const during = sealerOf(newSecret, oldSecret)
      const after = await during.seal('session', content)
      expect(await during.open('session', before)).toEqual(content)
      expect(await sealerOf(newSecret).open('session', after)).toEqual(content)
      expect(await sealerOf(oldSecret).open('session', after)).toBeUndefined()
      expect(await sealerOf(newSecret).open('session', before)).toBeUndefined()
    })

    it('follows its secrets while it runs', async () => {
      let secrets = [oldSecret]
      const sealer = create({ secrets: () => secrets, tenant: 'spa' })
      const before = await sealer.seal('session', content)
      secrets = [newSecret, oldSecret]
      const after = await sealer.seal('session', content)
      expect(await sealer.open('session', before)).toEqual(content)
      expect(await sealerOf(newSecret).open('session', after)).toEqual(content)
      secrets = [newSecret]
      expect(await sealer.open('session', before)).toBeUndefined()
      expect(await sealer.open('session', after)).toEqual(content)
    })

    it.each(Object.entries(sealers))('opens what %s sealed', async (_other, createOther) => {
      const other = createOther({ secrets: () => [newSecret], tenant: 'spa' })
      const sealed = await other.seal('session', content)
      expect(await sealerOf(newSecret).open('session', sealed)).toEqual(content)
    })
  })

  describe('a cookie that is not ours', () => {
    it('does not open with characters that no encoding of ours has', async () => {
      const sealer = sealerOf(newSecret)
      const sealed = await sealer.seal('session', content)
      // In place of a character, and before it; the last one looks like it to who reads low bytes only.
      const alike = (character: string) => String.fromCharCode(character.charCodeAt(0) + 0x100)
      for (const part of [2, 3, 4]) {
        const at = sealed.split('.').slice(0, part).join('.').length + 1
        for (const planted of ['!', '=', '\0', '\u00e9', alike(sealed.charAt(at))]) {
          for (const removed of [0, 1]) {
            const changed = sealed.slice(0, at) + planted + sealed.slice(at + removed)
            expect(await sealer.open('session', changed)).toBeUndefined()
          }
        }
      }
    })

    it.each([
      ['-', '+'],
      ['_', '/'],
    ])('does not open when %s is written as %s', async (ours, theirs) => {
      const sealer = sealerOf(newSecret)
      const [header = '', , ...parts] = await sealWith(sealer, ours)
      const changed = parts.map((part) => part.replaceAll(ours, theirs))
      expect(await sealer.open('session', [header, '', ...parts].join('.'))).toEqual(content)
      expect(await sealer.open('session', [header, '', ...changed].join('.'))).toBeUndefined()
    })

    it('does not open with a character too many after the initialization vector', async () => {
      const sealer = sealerOf(newSecret)
      const [header, , iv, ...rest] = (await sealer.seal('session', content)).split('.')
      expect(
        await sealer.open('session', [header, '', `${iv}A`, ...rest].join('.')),
      ).toBeUndefined()
    })

    it.each([0, 1, 2, 3, 4])('does not open when part %i was changed', async (part) => {
      const sealer = sealerOf(newSecret)
      const sealed = await sealer.seal('session', content)
      expect(await sealer.open('session', tamper(sealed, part))).toBeUndefined()
    })

    it('does not open when it was cut off anywhere', async () => {
      const sealer = sealerOf(newSecret)
      const sealed = await sealer.seal('session', content)
      for (let length = 0; length < sealed.length; length++) {
        expect(await sealer.open('session', sealed.slice(0, length))).toBeUndefined()
      }
    })

    it('does not open with another algorithm, even under the right key id', async () => {
      const sealer = sealerOf(newSecret)
      const { kid } = decodeProtectedHeader(await sealer.seal('session', content))
      const forged = await new CompactEncrypt(new TextEncoder().encode('{}'))
        .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', kid: String(kid) })
        .encrypt(new TextEncoder().encode(newSecret))
      expect(await sealer.open('session', forged)).toBeUndefined()
    })

    it('does not open when it is longer than a browser keeps', async () => {
      const sealer = sealerOf(newSecret)
      const sealed = await sealer.seal('session', '!'.repeat(4096))
      expect(await sealer.open('session', sealed)).toBeUndefined()
    })

    it('does not open whatever it is, and never throws', async () => {
      const sealer = sealerOf(newSecret)
      const [header] = (await sealer.seal('session', content)).split('.')
      const anyBytes = fc.uint8Array({ maxLength: 64 }).map((bytes) => base64url.encode(bytes))
      const garbage = fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.array(anyBytes, { maxLength: 7 }).map((parts) => parts.join('.')),
        fc.tuple(anyBytes, anyBytes, anyBytes).map((parts) => [header, '', ...parts].join('.')),
      )
      await fc.assert(
        fc.asyncProperty(garbage, async (text) => {
          expect(await sealer.open('session', text)).toBeUndefined()
        }),
      )
    })
  })
})
