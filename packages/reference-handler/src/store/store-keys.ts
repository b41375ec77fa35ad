// Names and keys for a shared store, derived from the cookie secrets: who reads the store learns nothing from it.
import { decodeBase64url, encodeBase64url } from '../base64url.ts'
import type { CryptoKey } from 'jose'

/** Names and sealed contents for the entries of one tenant. */
export interface StoreKeys {
  /**
   * Resolves with the names of an entry, one for each cookie secret, newest first: two instances that share any
   * secret find the same entry, also while secrets rotate.
   *
   * @param purpose - what kind of entry it is
   * @param text - what the entry is about, such as a refresh token
   */
  readonly namesOf: (purpose: string, text: string) => Promise<readonly string[]>
  /** Resolves with the content as text that opens for the same purpose and text, and nowhere else. */
  readonly seal: (purpose: string, text: string, content: unknown) => Promise<string>
  /** Resolves with the content, or `undefined` when it was not sealed for this. */
  readonly open: (purpose: string, text: string, sealed: string) => Promise<unknown>
}

/** What names and keys are derived from. */
export interface StoreKeysOptions {
  /** The cookie secrets at this moment, newest first. As long as nothing changed, the same list. */
  readonly secrets: () => readonly string[]
  /** Whose entries these are: issuer and client. */
  readonly tenant: string
}

interface DerivedKeys {
  /** Names the secret in what it sealed; derived too, so that it tells nothing. */
  readonly id: string
  readonly name: CryptoKey
  readonly content: CryptoKey
}

const IV_BYTES = 12
const ID_BITS = 32

/**
 * Base64url characters of a hash that names of the same entry have in common, so that they are kept in one place. Twelve
 * bits: each of thousands of tokens may have them.
 */
const SLOT_CHARACTERS = 2

const utf8 = new TextEncoder()
const decoder = new TextDecoder()

/**
 * Creates the names and keys of a tenant. Names are HMACs, contents AES-GCM; both with keys from HKDF.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 */
export function createStoreKeys({ secrets, tenant }: StoreKeysOptions): StoreKeys {
  let derivedFrom: readonly string[] | undefined
  let derived: Promise<readonly DerivedKeys[]> = Promise.resolve([])

  function keys(): Promise<readonly DerivedKeys[]> {
    const current = secrets()
    if (current !== derivedFrom) {
      derived = Promise.all(current.map((secret) => deriveKeys(secret, tenant)))
      derivedFrom = current
    }
    return derived
  }

  /** What an entry is about, hashed; it is in no store. */
  const hash = async (purpose: string, text: string) =>
    new Uint8Array(
      await crypto.subtle.digest('SHA-256', utf8.encode(JSON.stringify([tenant, purpose, text]))),
    )

  return {
    async namesOf(purpose, text) {
      const about = await hash(purpose, text)
      const slot = encodeBase64url(about).slice(0, SLOT_CHARACTERS)
      return await Promise.all(
        (await keys()).map(async ({ name }) => {
          const mac = new Uint8Array(await crypto.subtle.sign('HMAC', name, about))
          return `{${slot}}:${purpose}:${encodeBase64url(mac)}`
        }),
      )
    },

    async seal(purpose, text, content) {
      const [newest] = await keys()
      if (newest === undefined) throw new Error('A store needs at least one cookie secret.')
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const additionalData = await hash(purpose, text)
      const plaintext = utf8.encode(JSON.stringify(content))
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData },
        newest.content,
        plaintext,
      )
      return [newest.id, encodeBase64url(iv), encodeBase64url(new Uint8Array(sealed))].join('.')
    },

    async open(purpose, text, sealed) {
      const [id, iv, ciphertext] = sealed.split('.')
      const found = (await keys()).find((candidate) => candidate.id === id)
      if (found === undefined || iv === undefined || ciphertext === undefined) return undefined
      try {
        const additionalData = await hash(purpose, text)
        const plaintext = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: decodeBase64url(iv), additionalData },
          found.content,
          decodeBase64url(ciphertext),
        )
        const content: unknown = JSON.parse(decoder.decode(plaintext))
        return content
      } catch {
        // Whatever stands there, it is not ours.
        return undefined
      }
    },
  }
}

async function deriveKeys(secret: string, tenant: string): Promise<DerivedKeys> {
  const material = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (purpose: 'id' | 'name' | 'content') => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: utf8.encode('token-handler store'),
    info: utf8.encode(JSON.stringify([tenant, purpose])),
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
  return { id: encodeBase64url(new Uint8Array(id)), name, content }
}
