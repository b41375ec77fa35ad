// Names and keys for a shared store, derived from the cookie secrets: who reads the store learns nothing from it.
import { encodeBase64url } from '../base64url.ts'
import { webStoreCrypto } from './store-crypto.ts'
import type { EntryKeys, KeyPurpose, StoreCrypto } from './store-crypto.ts'

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
  /** By default WebCrypto. */
  readonly crypto?: StoreCrypto | undefined
}

/**
 * Base64url characters of a hash that names of the same entry have in common, so that they are kept in one place. Twelve
 * bits: each of thousands of tokens may have them.
 */
const SLOT_CHARACTERS = 2

const utf8 = new TextEncoder()
const salt = utf8.encode('token-handler store')

/**
 * Creates the names and keys of a tenant. Names are HMACs, contents AES-GCM; both with keys from HKDF.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869 RFC 5869, HKDF}
 */
export function createStoreKeys(options: StoreKeysOptions): StoreKeys {
  const { secrets, tenant, crypto: primitives = webStoreCrypto } = options
  const infoOf = (purpose: KeyPurpose) => utf8.encode(JSON.stringify([tenant, purpose]))
  let derivedFrom: readonly string[] | undefined
  let derived: Promise<readonly EntryKeys[]> = Promise.resolve([])

  function keys(): Promise<readonly EntryKeys[]> {
    const current = secrets()
    if (current !== derivedFrom) {
      derived = Promise.all(
        current.map(async (secret) => await primitives.deriveKeys(secret, { salt, infoOf })),
      )
      derivedFrom = current
    }
    return derived
  }

  /** What an entry is about, hashed; it is in no store. */
  const hash = (purpose: string, text: string) =>
    primitives.hash(JSON.stringify([tenant, purpose, text]))

  return {
    async namesOf(purpose, text) {
      const about = await hash(purpose, text)
      const slot = encodeBase64url(about).slice(0, SLOT_CHARACTERS)
      return await Promise.all(
        (await keys()).map(async ({ mac }) => `{${slot}}:${purpose}:${await mac(about)}`),
      )
    },

    async seal(purpose, text, content) {
      const [newest] = await keys()
      if (newest === undefined) throw new Error('A store needs at least one cookie secret.')
      const about = await hash(purpose, text)
      return `${newest.id}.${await newest.seal(about, JSON.stringify(content))}`
    },

    async open(purpose, text, sealed) {
      const dot = sealed.indexOf('.')
      const found = (await keys()).find(({ id }) => id === sealed.slice(0, dot))
      if (found === undefined) return undefined
      try {
        const content: unknown = JSON.parse(
          await found.open(await hash(purpose, text), sealed.slice(dot + 1)),
        )
        return content
      } catch {
        // Whatever stands there, it is not ours.
        return undefined
      }
    },
  }
}
