// The default sealer: JWE with a key per tenant and role, derived from a list of secrets.
import type { CookieRole } from '@token-handler/contract'
import { decodeBase64url, encodeBase64url } from '../base64url.ts'
import type { CryptoKey } from 'jose'
import { packText, unpackText } from './packed-text.ts'
import type { Sealer, SealerOptions } from './sealer.ts'
import { createKeyLists, derivationOf, KEY_ID_BITS } from './sealing-keys.ts'

interface SealingKey {
  /**
   * The encoded header of everything that this key seals, and the empty second part: so no header has to be parsed, and
   * none that anybody else wrote decides anything.
   */
  readonly start: string
  /** The header as bytes: the additional authenticated data. */
  readonly header: Uint8Array<ArrayBuffer>
  readonly key: CryptoKey
}

/** Browsers keep no cookie longer than this, so nothing longer is ours. */
export const MAX_SEALED_LENGTH = 4096

const IV_BYTES = 12
const TAG_BYTES = 16

const utf8 = new TextEncoder()

/**
 * Creates a sealer whose sealed text is a compact JWE (`dir`, A256GCM, `kid`). Keys are derived when first used and
 * cannot be exported. The `kid` is derived as well, so that it tells nothing about the secret.
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
      return await encrypt(newest, packText(JSON.stringify(content)))
    },

    async open(role, sealed) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined
      const keys = await Promise.all(keysFor(role))
      const found = keys.find(({ start }) => sealed.startsWith(start))
      if (found === undefined) return undefined
      try {
        const packed = await decrypt(found, sealed.slice(found.start.length))
        const content: unknown = JSON.parse(unpackText(packed))
        return content
      } catch {
        // Whatever is wrong with it, it is not a cookie of ours; browsers may send anything.
        return undefined
      }
    },
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7518#section-5.3 RFC 7518 section 5.3} */
const gcm = (iv: Uint8Array<ArrayBuffer>, additionalData: Uint8Array<ArrayBuffer>) => ({
  name: 'AES-GCM',
  iv,
  additionalData,
  tagLength: TAG_BYTES * 8,
})

/** WebCrypto writes the tag behind the ciphertext; a JWE has it apart. */
async function encrypt(
  { start, header, key }: SealingKey,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const sealed = new Uint8Array(await crypto.subtle.encrypt(gcm(iv, header), key, plaintext))
  const parts = [iv, sealed.subarray(0, -TAG_BYTES), sealed.subarray(-TAG_BYTES)]
  return start + parts.map((part) => encodeBase64url(part)).join('.')
}

async function decrypt({ header, key }: SealingKey, parts: string): Promise<Uint8Array> {
  const [iv, ciphertext, tag, ...more] = parts.split('.').map(decodeBase64url)
  const isWhole = iv?.length === IV_BYTES && tag?.length === TAG_BYTES && more.length === 0
  if (!isWhole || ciphertext === undefined) throw new RangeError('Not five parts.')
  const sealed = new Uint8Array(ciphertext.length + TAG_BYTES)
  sealed.set(ciphertext)
  sealed.set(tag, ciphertext.length)
  return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, header), key, sealed))
}

async function deriveKey(secret: string, tenant: string, role: CookieRole): Promise<SealingKey> {
  const material = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, [
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
  const kid = encodeBase64url(new Uint8Array(id))
  const header = encodeBase64url(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid }))
  return { start: `${header}..`, header: utf8.encode(header), key }
}
