// The default sealer: JWE with a key per tenant and role, derived from a list of secrets.
import type { CookieRole } from '@token-handler/contract'
import { base64url, CompactEncrypt, compactDecrypt } from 'jose'
import type { CryptoKey } from 'jose'
import { packText, unpackText } from './packed-text.ts'
import type { Sealer } from './sealer.ts'

/** What keys are derived from. */
export interface SealerOptions {
  /** Newest first: the first seals, all open. At least 32 bytes of randomness each. */
  readonly secrets: readonly string[]
  /** Whose cookies these are. What was sealed for one tenant never opens for another. */
  readonly tenant: string
}

interface SealingKey {
  /** Names the key in the JWE header; derived as well, so that it tells nothing about the secret. */
  readonly id: string
  readonly key: CryptoKey
}

/** Browsers keep no cookie longer than this, so nothing longer is ours. */
const MAX_SEALED_LENGTH = 4096

/** Short, because it is part of every cookie; it only has to tell a handful of keys apart. */
const KEY_ID_BITS = 32

/**
 * Creates a sealer whose sealed text is a compact JWE (`dir`, A256GCM, `kid`). Keys are derived when
 * first used and cannot be exported.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-7.1 RFC 7516 section 7.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 */
export function createSealer({ secrets, tenant }: SealerOptions): Sealer {
  const keysByRole = new Map<CookieRole, Promise<readonly SealingKey[]>>()

  function keysFor(role: CookieRole): Promise<readonly SealingKey[]> {
    const known = keysByRole.get(role)
    if (known) return known
    const keys = Promise.all(secrets.map((secret) => deriveKey(secret, tenant, role)))
    keysByRole.set(role, keys)
    return keys
  }

  return {
    async seal(role, content) {
      const [newest] = await keysFor(role)
      if (newest === undefined) throw new Error('A sealer needs at least one secret.')
      return await new CompactEncrypt(packText(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: newest.id })
        .encrypt(newest.key)
    },

    async open(role, sealed) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined
      const keys = await keysFor(role)
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
  const utf8 = new TextEncoder()
  const material = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  // JSON, so that no two lists of tenant, role and purpose give the same text.
  const hkdf = (purpose: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: utf8.encode('token-handler cookies'),
    info: utf8.encode(JSON.stringify([tenant, role, purpose])),
  })
  const id = await crypto.subtle.deriveBits(hkdf('id'), material, KEY_ID_BITS)
  const aes = { name: 'AES-GCM', length: 256 }
  const key = await crypto.subtle.deriveKey(hkdf('key'), material, aes, false, [
    'encrypt',
    'decrypt',
  ])
  return { id: base64url.encode(new Uint8Array(id)), key }
}
