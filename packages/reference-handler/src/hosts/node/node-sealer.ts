// The sealer of the Node host: the same JWE, opened with node:crypto, which takes a fraction of the time.
import type { CookieRole } from '@token-handler/contract'
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { MAX_SEALED_LENGTH } from '../../sealing/jwe-sealer.ts'
import { packText, unpackText } from '../../sealing/packed-text.ts'
import type { Sealer, SealerOptions } from '../../sealing/sealer.ts'
import { createKeyLists } from '../../sealing/sealing-keys.ts'
import { deriveKey } from './derive-key.ts'

interface SealingKey {
  /**
   * The encoded header of everything that this key seals, and the empty second part: so no header has
   * to be parsed.
   */
  readonly start: string
  /** The header as bytes: the additional authenticated data. */
  readonly header: Uint8Array
  readonly key: KeyObject
}

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Creates a sealer that writes and reads exactly what `createSealer` does.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516#section-7.1 RFC 7516 section 7.1}
 */
export function createNodeSealer({ secrets, tenant }: SealerOptions): Sealer {
  const keysFor = createKeyLists(secrets, (secret, role) => prepareKey(secret, tenant, role))
  return {
    async seal(role, content) {
      const [newest] = keysFor(role)
      if (newest === undefined) throw new Error('A sealer needs at least one secret.')
      return encrypt(newest, packText(JSON.stringify(content), decodeFast))
    },

    async open(role, sealed) {
      if (sealed.length > MAX_SEALED_LENGTH) return undefined
      const found = keysFor(role).find(({ start }) => sealed.startsWith(start))
      if (found === undefined) return undefined
      try {
        const packed = decrypt(found, sealed.slice(found.start.length))
        const content: unknown = JSON.parse(
          unpackText(packed, (encoding, start, end) => packed.toString(encoding, start, end)),
        )
        return content
      } catch {
        // Whatever is wrong with it, it is not a cookie of ours; browsers may send anything.
        return undefined
      }
    },
  }
}

function encrypt({ start, header, key }: SealingKey, plaintext: Uint8Array): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(header)
  const ciphertext = cipher.update(plaintext)
  // GCM is a stream cipher: nothing is left, but the tag is made here.
  cipher.final()
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return start + parts.join('.')
}

function decrypt({ header, key }: SealingKey, parts: string): Buffer {
  const [iv, ciphertext, tag, ...more] = parts.split('.').map(decode)
  if (!iv || !ciphertext || !tag || more.length > 0) throw new RangeError('Not five parts.')
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(header).setAuthTag(tag)
  const plaintext = decipher.update(ciphertext)
  // GCM has nothing left to give here, but this is where it throws when the tag is wrong.
  decipher.final()
  return plaintext
}

const decodeFast = (text: string): Uint8Array => Buffer.from(text, 'base64url')

/**
 * Strictly: Node's decoder also takes the other alphabet, skips what it does not know, and reads only
 * the low byte of what is not ASCII. What it skips shows in the length, unless one character more than
 * whole groups of four is left, which no encoding leaves. (A regular expression for all this takes
 * longer than the decoding.)
 */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  const isStrict =
    part.length % 4 !== 1 &&
    bytes.length === Math.floor((part.length * 3) / 4) &&
    !part.includes('+') &&
    !part.includes('/') &&
    Buffer.byteLength(part) === part.length
  if (!isStrict) throw new RangeError('Not base64url.')
  return bytes
}

function prepareKey(secret: string, tenant: string, role: CookieRole): SealingKey {
  const { kid, key } = deriveKey(secret, tenant, role)
  const json = JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })
  const header = Buffer.from(json).toString('base64url')
  return {
    start: `${header}..`,
    header: Buffer.from(header, 'ascii'),
    key: createSecretKey(key),
  }
}
