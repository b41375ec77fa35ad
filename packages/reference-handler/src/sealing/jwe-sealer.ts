// The default sealer: JWE with a key per tenant and role, derived from a list of secrets.
import type { CookieRole } from '@token-handler/contract'
import { base64url, CompactEncrypt, compactDecrypt } from 'jose'
import type { CryptoKey } from 'jose'
import { packText, unpackText } from './packed-text.ts'
import type { Sealer, SealerOptions } from './sealer.ts'
import { createKeyLists, derivationOf, KEY_ID_BITS } from './sealing-keys.ts'

interface SealingKey {
  /** Names the key in the JWE header; derived as well, so that it tells nothing about the secret. */
  readonly id: string
  readonly key: CryptoKey
}

/** Browsers keep no cookie longer than this, so nothing longer is ours. */
export const MAX_SEALED_LENGTH = 4096

/**
 * Creates a sealer whose sealed text is a compact JWE (`dir`, A256GCM, `kid`). Keys are derived when
 * first used and cannot be exported.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-7.1 RFC 7516 section 7.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 *
 * @example
 * import { createSealer } from '@token-handler/reference-handler'
 *
 * const sealer = createSealer({
 *   secrets: () => ['a secret with at least 32 bytes of randomness'],
 *   tenant: 'spa at https://login.example.com',
 * })
 * const sealed = await sealer.seal('session', { sub: 'alice' })
 * console.log(await sealer.open('session', sealed))
 */
export function createSealer({ secrets, tenant }: SealerOptions): Sealer {
  const keysFor = createKeyLists(secrets, (secret, role) => deriveKey(secret, tenant, role))

  return {
    async seal(role, content) {
      const newest = await keysFor(role)[0]
      if (newest === undefined) throw new Error('A sealer needs at least one secret.')
      return await new CompactEncrypt(packText(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: newest.id })
        .encrypt(newest.key)
    },

    async open(role, sealed) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined
      const keys = await Promise.all(keysFor(role))
      try {
        const { plaintext } = await compactDecrypt(sealed, ({ kid }) => findKey(keys, kid), {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        const content: unknown = JSON.parse(unpackText(plaintext))
        return content
      } catch {
        // Whatever is wrong with it, it is not a cookie of ours; browsers may send anything.
        return undefined
      }
    },
  }
}

function findKey(keys: readonly SealingKey[], id: string | undefined): CryptoKey {
  const found = keys.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error('Sealed with a key that is not ours.')
  return found.key
}

async function deriveKey(secret: string, tenant: string, role: CookieRole): Promise<SealingKey> {
  const bytes = new TextEncoder().encode(secret)
  const material = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (purpose: 'id' | 'key') => ({
    name: 'HKDF',
    hash: 'SHA-256',
    ...derivationOf(tenant, role, purpose),
  })
  const id = await crypto.subtle.deriveBits(hkdf('id'), material, KEY_ID_BITS)
  const aes = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.deriveKey(hkdf('key'), material, aes, false, [
    'encrypt',
    'decrypt',
  ])
  return { id: base64url.encode(new Uint8Array(id)), key }
}
