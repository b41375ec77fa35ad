// What names and contents of a shared store are made with: WebCrypto, unless a host has something faster.
import { decodeBase64url, encodeBase64url } from '../base64url.ts'

/** Bytes that are in no shared memory, which WebCrypto asks for. */
export type Bytes = Uint8Array<ArrayBuffer>

/** What keys of one cookie secret are for. */
export type KeyPurpose = 'id' | 'name' | 'content'

/** The keys of one cookie secret for one tenant. Texts that they make are base64url. */
export interface EntryKeys {
  /** Names the secret in what it sealed: six characters, derived too, so that they tell nothing. */
  readonly id: string
  /** HMAC-SHA-256. */
  readonly mac: (data: Bytes) => string | Promise<string>
  /** AES-256-GCM under a random nonce of 12 bytes, which stands before the ciphertext and its tag, with a dot between. */
  readonly seal: (additionalData: Bytes, plaintext: string) => string | Promise<string>
  /** Throws, or rejects, unless it was sealed with the same key and additional data. */
  readonly open: (additionalData: Bytes, sealed: string) => string | Promise<string>
}

/** How a key is derived. */
export interface Derivation {
  readonly salt: Bytes
  readonly infoOf: (purpose: KeyPurpose) => Bytes
}

/** The primitives of a shared store; whatever does them, the results are the same. */
export interface StoreCrypto {
  /** SHA-256. */
  readonly hash: (text: string) => Bytes | Promise<Bytes>
  /** HKDF with SHA-256: 256 bits for each key, and 32 for the id. */
  readonly deriveKeys: (secret: string, derivation: Derivation) => EntryKeys | Promise<EntryKeys>
}

const ID_BITS = 32
const IV_BYTES = 12

const utf8 = new TextEncoder()
const decoder = new TextDecoder()
const encode = (buffer: ArrayBuffer): string => encodeBase64url(new Uint8Array(buffer))
const decode = (text: string): Bytes => new Uint8Array(decodeBase64url(text))

/**
 * WebCrypto, which every host has.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 */
export const webStoreCrypto: StoreCrypto = {
  hash: async (text) => new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))),

  async deriveKeys(secret, { salt, infoOf }) {
    const material = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, [
      'deriveKey',
      'deriveBits',
    ])
    const hkdf = (purpose: KeyPurpose) => ({
      name: 'HKDF',
      hash: 'SHA-256',
      salt,
      info: infoOf(purpose),
    })
    const derive = (
      purpose: 'name' | 'content',
      algorithm: { readonly name: string; readonly hash?: string; readonly length: number },
      usages: ('sign' | 'encrypt' | 'decrypt')[],
    ) => crypto.subtle.deriveKey(hkdf(purpose), material, algorithm, false, usages)
    const [id, name, content] = await Promise.all([
      crypto.subtle.deriveBits(hkdf('id'), material, ID_BITS),
      derive('name', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign']),
      derive('content', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    ])
    const aes = (iv: Bytes, additionalData: Bytes) => ({ name: 'AES-GCM', iv, additionalData })
    return {
      id: encode(id),
      mac: async (data) => encode(await crypto.subtle.sign('HMAC', name, data)),
      async seal(additionalData, plaintext) {
        const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
        const algorithm = aes(iv, additionalData)
        const sealed = await crypto.subtle.encrypt(algorithm, content, utf8.encode(plaintext))
        return `${encodeBase64url(iv)}.${encode(sealed)}`
      },
      async open(additionalData, sealed) {
        const [iv = '', ciphertext = ''] = sealed.split('.')
        const algorithm = aes(decode(iv), additionalData)
        return decoder.decode(await crypto.subtle.decrypt(algorithm, content, decode(ciphertext)))
      },
    }
  },
}
