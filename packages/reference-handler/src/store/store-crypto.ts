// What names and contents of a shared store are made with: WebCrypto, unless a host has something faster.

/** Bytes that are in no shared memory, which WebCrypto asks for. */
export type Bytes = Uint8Array<ArrayBuffer>

/** What keys of one cookie secret are for. */
export type KeyPurpose = 'id' | 'name' | 'content'

/** The keys of one cookie secret for one tenant. */
export interface EntryKeys {
  /** Four bytes that name the secret in what it sealed; derived too, so that they tell nothing. */
  readonly id: Bytes
  /** HMAC-SHA-256. */
  readonly mac: (data: Bytes) => Bytes | Promise<Bytes>
  /** AES-256-GCM; the tag of 16 bytes comes last. */
  readonly seal: (iv: Bytes, additionalData: Bytes, plaintext: Bytes) => Bytes | Promise<Bytes>
  /** Throws, or rejects, unless it was sealed with the same key and additional data. */
  readonly open: (iv: Bytes, additionalData: Bytes, sealed: Bytes) => Bytes | Promise<Bytes>
}

/** How a key is derived. */
export interface Derivation {
  readonly salt: Bytes
  readonly infoOf: (purpose: KeyPurpose) => Bytes
}

/** The primitives of a shared store; whatever does them, the results are the same. */
export interface StoreCrypto {
  /** SHA-256. */
  readonly hash: (data: Bytes) => Bytes | Promise<Bytes>
  /** HKDF with SHA-256: 256 bits for each key, and 32 for the id. */
  readonly deriveKeys: (secret: string, derivation: Derivation) => EntryKeys | Promise<EntryKeys>
}

const ID_BITS = 32
const bytes = (buffer: ArrayBuffer): Bytes => new Uint8Array(buffer)

/**
 * WebCrypto, which every host has.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 */
export const webStoreCrypto: StoreCrypto = {
  hash: async (data) => bytes(await crypto.subtle.digest('SHA-256', data)),

  async deriveKeys(secret, { salt, infoOf }) {
    const utf8 = new TextEncoder().encode(secret)
    const material = await crypto.subtle.importKey('raw', utf8, 'HKDF', false, [
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
      id: bytes(id),
      mac: async (data) => bytes(await crypto.subtle.sign('HMAC', name, data)),
      seal: async (iv, additionalData, plaintext) =>
        bytes(await crypto.subtle.encrypt(aes(iv, additionalData), content, plaintext)),
      open: async (iv, additionalData, sealed) =>
        bytes(await crypto.subtle.decrypt(aes(iv, additionalData), content, sealed)),
    }
  },
}
