// Uses each refresh token once within one process: single-flight, and a cache of recent results.
import { base64url } from 'jose'
import type { CryptoKey } from 'jose'
import { LRUCache } from 'lru-cache'
import type {
  RefreshableSession,
  RefreshCoordinator,
  RenewalResult,
} from './refresh-coordinator.ts'

interface Entry {
  readonly result: Promise<RenewalResult>
  /** What the result is once it is there, and a success. */
  renewed?: RefreshableSession
  /** Set by logout, even while the refresh is still in flight. */
  ended: boolean
}

const MAX_ENTRIES = 5000

/**
 * Creates a coordinator for one process, in memory. What another process does, it cannot know.
 *
 * @param now - milliseconds since the epoch
 * @param resultsKeptFor - seconds that a result answers latecomers
 *
 * @example
 * import { createInProcessRefreshCoordinator } from '@token-handler/reference-handler'
 *
 * const refreshCoordinator = createInProcessRefreshCoordinator(Date.now, 20)
 * console.log(typeof refreshCoordinator.renewOnce)
 */
export function createInProcessRefreshCoordinator(
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
    const entry = known && isLatecomer(session, known.renewed) ? known : begin(key, renew)
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

/**
 * Whether the session is older than what came of its refresh. Where the refresh token stays the same,
 * it may also be that very renewal, or a later one that another process made.
 */
function isLatecomer(
  session: RefreshableSession,
  renewed: RefreshableSession | undefined,
): boolean {
  return (
    renewed === undefined ||
    renewed.refreshToken !== session.refreshToken ||
    session.issuedAt < renewed.issuedAt
  )
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
