// Making sure that a refresh token is used once, however many requests carry it.
import { base64url } from 'jose'
import type { CryptoKey } from 'jose'
import { LRUCache } from 'lru-cache'
import type { SetCookie } from '../http/cookies.ts'
import type { Failed } from './outcome.ts'
import type { Session } from './session-cookie.ts'

/** A session that can be refreshed. */
export interface RefreshableSession extends Session {
  readonly refreshToken: string
}

/** A new session, already sealed: everyone who asks gets the very same cookies, in whatever order. */
export interface Renewal {
  readonly session: RefreshableSession
  readonly cookies: readonly SetCookie[]
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
   * session, at the same time or soon after. Who comes with the session that the renewal made is no
   * latecomer, and has it refreshed again, also where the refresh token stays the same. A failure is
   * shared by those who wait for it and not kept. Rejects when `renew` does.
   */
  readonly renewOnce: (
    session: RefreshableSession,
    renew: () => Promise<RenewalResult>,
  ) => Promise<RenewalResult>
  /**
   * Ends the session of a refresh token and of those that came out of it: from now on, and for a
   * refresh under way, `renewOnce` resolves with `ended`. Resolves with the latest refresh token,
   * which is the one to revoke, after any refresh under way is done.
   */
  readonly end: (refreshToken: string) => Promise<string>
}

interface Entry {
  readonly result: Promise<RenewalResult>
  /** What the result is once it is there, and a success. */
  renewed?: RefreshableSession
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
  async function settle(key: string, entry: Entry): Promise<void> {
    const result = await entry.result.catch(() => undefined)
    if (result?.kind === 'renewed') entry.renewed = result.renewal.session
    if (entry.ended || entry.renewed) keep(key, entry)
    else entries.delete(key)
  }

  function begin(key: string, renew: () => Promise<RenewalResult>): Entry {
    const entry: Entry = { result: renew(), ended: false }
    entries.set(key, entry)
    void settle(key, entry)
    return entry
  }

  async function renewOnce(
    session: RefreshableSession,
    renew: () => Promise<RenewalResult>,
  ): Promise<RenewalResult> {
    const key = await keyOf(session.refreshToken)
    const known = entries.get(key)
    if (known?.ended) return { kind: 'ended' }
    const entry = known && !isSame(known.renewed, session) ? known : begin(key, renew)
    const result = await entry.result
    return entry.ended ? { kind: 'ended' } : result
  }

  async function end(refreshToken: string): Promise<string> {
    const key = await keyOf(refreshToken)
    const known = entries.get(key)
    if (known?.ended) return refreshToken
    if (known) known.ended = true
    keep(key, known ?? { result: Promise.resolve({ kind: 'ended' }), ended: true })
    const result = await known?.result.catch(() => undefined)
    if (result?.kind !== 'renewed') return refreshToken
    // A browser may already have the successor, or get it after this logout has cleared its cookies.
    return await end(result.renewal.session.refreshToken)
  }

  return { renewOnce, end }
}

function isSame(one: RefreshableSession | undefined, other: RefreshableSession): boolean {
  return one?.refreshToken === other.refreshToken && one.issuedAt === other.issuedAt
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
