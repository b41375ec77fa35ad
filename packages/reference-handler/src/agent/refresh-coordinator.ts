// Making sure that a refresh token is used once, however many requests carry it.
import { base64url } from 'jose'
import { LRUCache } from 'lru-cache'
import type { SetCookie } from '../http/cookies.ts'
import type { Failed } from './outcome.ts'

/** New tokens, already sealed: everyone who asks gets the very same cookies, in whatever order. */
export interface Renewal {
  /** The refresh token from now on. */
  readonly refreshToken: string
  readonly cookies: readonly SetCookie[]
  /** Milliseconds since the epoch. */
  readonly accessTokenExpiresAt?: number | undefined
}

/** What came of a refresh; `ended` when the user signed out in the meantime. */
export type RenewalResult =
  | { readonly kind: 'renewed'; readonly renewal: Renewal }
  | Failed
  | { readonly kind: 'ended' }

/**
 * Coordinates refresh and logout of one session. Authorization servers that rotate refresh tokens
 * take a second use of one for theft and end the session, while browsers send the same cookie from
 * several tabs, or again after an answer was lost.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.14 RFC 9700 section 4.14}
 */
export interface RefreshCoordinator {
  /**
   * Resolves with what `renew` resolves with, but runs it only once for all who ask with the same
   * refresh token, at the same time or soon after. A failure is shared by those who wait for it and
   * not kept. Rejects when `renew` does.
   */
  readonly renewOnce: (
    refreshToken: string,
    renew: () => Promise<RenewalResult>,
  ) => Promise<RenewalResult>
  /**
   * Ends the session of a refresh token: from now on, and for a refresh under way, `renewOnce`
   * resolves with `ended`. Resolves with the session's latest refresh token, which is the one to
   * revoke, after any refresh under way is done.
   */
  readonly end: (refreshToken: string) => Promise<string>
}

interface Entry {
  readonly result: Promise<RenewalResult>
  /** Set by logout, also while the refresh is still under way. */
  ended: boolean
}

const MAX_ENTRIES = 5000

/**
 * Creates a coordinator for one process, in memory.
 *
 * @param now - milliseconds since the epoch
 * @param resultsKeptFor - seconds that a result answers latecomers
 */
export function createRefreshCoordinator(
  now: () => number,
  resultsKeptFor: number,
): RefreshCoordinator {
  const entries = new LRUCache<string, Entry>({
    max: MAX_ENTRIES,
    perf: { now },
    ttlResolution: 0,
  })
  const keyOf = createKeyedHash()
  const keep = (key: string, entry: Entry) =>
    entries.set(key, entry, { ttl: resultsKeptFor * 1000 })

  /** Keeps the entry while the refresh is under way, and afterwards only if it brought tokens. */
  async function run(key: string, entry: Entry): Promise<void> {
    entries.set(key, entry)
    const result = await entry.result.catch(() => undefined)
    if (entry.ended || result?.kind === 'renewed') keep(key, entry)
    else entries.delete(key)
  }

  return {
    async renewOnce(refreshToken, renew) {
      const key = await keyOf(refreshToken)
      let entry = entries.get(key)
      if (entry?.ended) return { kind: 'ended' }
      if (entry === undefined) {
        entry = { result: renew(), ended: false }
        void run(key, entry)
      }
      const result = await entry.result
      return entry.ended ? { kind: 'ended' } : result
    },

    async end(refreshToken) {
      const key = await keyOf(refreshToken)
      const entry = entries.get(key) ?? { result: Promise.resolve({ kind: 'ended' }), ended: true }
      entry.ended = true
      keep(key, entry)
      const result = await entry.result.catch(() => undefined)
      return result?.kind === 'renewed' ? result.renewal.refreshToken : refreshToken
    },
  }
}

/** A hash under a random key, so that memory holds no list of refresh tokens to look one up in. */
function createKeyedHash(): (text: string) => Promise<string> {
  let key: Promise<CryptoKey> | undefined
  return async (text) => {
    key ??= crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const hash = await crypto.subtle.sign('HMAC', await key, new TextEncoder().encode(text))
    return base64url.encode(new Uint8Array(hash))
  }
}
