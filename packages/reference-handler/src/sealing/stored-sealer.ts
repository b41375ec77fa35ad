// Cookies that hold an id and a key, while a store holds the rest: for tokens that do not fit into cookies.
import type { CookieRole } from '@token-handler/contract'
import { decodeBase64url, encodeBase64url } from '../base64url.ts'
import type { SessionStore } from '../store/session-store.ts'
import { StoreUnavailable } from '../store/store-unavailable.ts'
import type { Sealer } from './sealer.ts'

/** What a sealer over a store is made with. */
export interface StoredSealerOptions {
  /** Seals what cookies hold. */
  readonly inner: Sealer
  readonly store: SessionStore
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds after which a session that nobody uses ends. */
  readonly idleTimeout: number
}

/** An id that finds the entry, and the key that opens it; both random, and in no other place than the cookie. */
interface Reference {
  readonly id: string
  readonly key: string
}

const ID_BYTES = 16
const KEY_BYTES = 32
const IV_BYTES = 12

const utf8 = new TextEncoder()
const decoder = new TextDecoder()
const random = (bytes: number) => encodeBase64url(crypto.getRandomValues(new Uint8Array(bytes)))

/**
 * Creates a sealer whose cookies are short, whatever they stand for. Neither store nor cookie is worth anything alone:
 * the key is in the sealed cookie, and the ciphertext in the store. What
 * the store does not take is sealed into the cookie as a whole, if that is possible.
 *
 * @see {@link https://csrc.nist.gov/pubs/sp/800/38/d/final NIST SP 800-38D, AES-GCM}
 */
export function createStoredSealer(options: StoredSealerOptions): Sealer {
  const { inner, store, now, idleTimeout } = options

  /** The access token is worth nothing after its end; a session ends when nobody uses it. */
  function lifetimeOf(role: CookieRole, content: unknown): number {
    const [, , expiresAt]: readonly unknown[] = Array.isArray(content) ? content : []
    if (role !== 'proxy' || typeof expiresAt !== 'number') return idleTimeout
    return Math.min(Math.max(expiresAt - now(), 1), idleTimeout)
  }

  async function findReference(role: CookieRole, sealed: string) {
    const content = await inner.open(role, sealed)
    return { content, reference: isStored(role) ? readReference(content) : undefined }
  }

  return {
    async seal(role, content) {
      if (!isStored(role)) return await inner.seal(role, content)
      const reference = { id: random(ID_BYTES), key: random(KEY_BYTES) }
      const sealed = await encrypt(role, reference, content)
      try {
        await store.put(nameOf(role, reference), sealed, lifetimeOf(role, content))
      } catch {
        return await inner.seal(role, content)
      }
      return await inner.seal(role, { ref: [reference.id, reference.key] })
    },

    async open(role, sealed) {
      const { content, reference } = await findReference(role, sealed)
      if (reference === undefined) return content
      const extension = role === 'session' ? idleTimeout : undefined
      const found = await store.get(nameOf(role, reference), extension).catch((cause: unknown) => {
        throw new StoreUnavailable('The store cannot be asked for the session.', { cause })
      })
      return found === undefined ? undefined : await decrypt(role, reference, found)
    },

    async retire(role, sealed, keptFor) {
      const { reference } = await findReference(role, sealed)
      if (reference !== undefined) await store.retire(nameOf(role, reference), keptFor)
    },
  }
}

/** Login and bound cookies are short, and stay as they are. */
const isStored = (role: CookieRole) => role === 'proxy' || role === 'session'

const nameOf = (role: CookieRole, { id }: Reference) => `{${id.slice(0, 2)}}:${role}:${id}`

function readReference(content: unknown): Reference | undefined {
  if (typeof content !== 'object' || content === null || !('ref' in content)) return undefined
  const [id, key]: readonly unknown[] = Array.isArray(content.ref) ? content.ref : []
  return typeof id === 'string' && typeof key === 'string' ? { id, key } : undefined
}

/** An entry opens under its own id and role, and under no other. */
const boundTo = (role: CookieRole, { id }: Reference) => utf8.encode(JSON.stringify([role, id]))

const importKey = ({ key }: Reference, usage: 'encrypt' | 'decrypt') =>
  crypto.subtle.importKey('raw', decodeBase64url(key), 'AES-GCM', false, [usage])

async function encrypt(role: CookieRole, reference: Reference, content: unknown): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: boundTo(role, reference) },
    await importKey(reference, 'encrypt'),
    utf8.encode(JSON.stringify(content)),
  )
  return `${encodeBase64url(iv)}.${encodeBase64url(new Uint8Array(ciphertext))}`
}

async function decrypt(role: CookieRole, reference: Reference, sealed: string): Promise<unknown> {
  const [iv = '', ciphertext = ''] = sealed.split('.')
  try {
    const plaintext = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: decodeBase64url(iv), additionalData: boundTo(role, reference) },
      await importKey(reference, 'decrypt'),
      decodeBase64url(ciphertext),
    )
    const content: unknown = JSON.parse(decoder.decode(plaintext))
    return content
  } catch {
    return undefined
  }
}
