// Uses each refresh token once: single-flight within the process, then, where there is a store, within all of them.
import { encodeBase64url } from '../base64url.ts'
import { createExpiringMap } from '../expiring-map.ts'
import { webStoreCrypto } from '../store/store-crypto.ts'
import type { EntryKeys, StoreCrypto } from '../store/store-crypto.ts'
import { isLatecomer } from './latecomer.ts'
import type {
  OverdueRenewal,
  RefreshableSession,
  RefreshCoordinator,
  Renew,
  RenewalResult,
} from './refresh-coordinator.ts'
import type { SharedRenewal } from './shared-renewal.ts'

/** What a coordinator is made with. */
export interface CoordinationOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds that a result answers latecomers. */
  readonly keptFor: number
  /** What other processes share; without it, results stay in the memory of this one. */
  readonly shared?: SharedRenewal | undefined
  /** Hashes a refresh token under a secret; by default under a random key of this process. */
  readonly keyOf?: ((refreshToken: string) => Promise<string>) | undefined
  /** Hashes with that random key; by default WebCrypto. */
  readonly crypto?: StoreCrypto | undefined
}

interface Entry {
  result: Promise<RenewalResult | OverdueRenewal>
  /** What the result is once it is there, and a success. */
  renewed?: RefreshableSession
  /** Set by logout, even while the refresh is still in flight. */
  ended: boolean
}

const MAX_ENTRIES = 5000

/** Successors of a token that are looked for at sign-out: more than one are the exception. */
const MAX_SUCCESSORS = 10

const utf8 = new TextEncoder()
const derivation = {
  salt: utf8.encode('token-handler refreshes'),
  infoOf: (purpose: string) => utf8.encode(purpose),
}

/** Creates a coordinator. */
export function coordinateRefreshes({
  now,
  keptFor,
  shared,
  crypto = webStoreCrypto,
  keyOf = createKeyedHash(crypto),
}: CoordinationOptions): RefreshCoordinator {
  const entries = createExpiringMap<Entry>(MAX_ENTRIES, now)
  const keep = (key: string, entry: Entry) => entries.set(key, entry, keptFor)

  /**
   * Keeps the entry while the refresh is under way, and afterwards only if it brought tokens. With a store, that
   * is where they are: another process may have ended the session since.
   */
  async function settle(key: string, entry: Entry): Promise<void> {
    const result = await entry.result.catch(() => undefined)
    if (result?.kind === 'failure' && 'later' in result) {
      entry.result = result.later
      return await settle(key, entry)
    }
    if (result?.kind === 'renewed') entry.renewed = result.renewal.session
    if (shared === undefined && (entry.ended || entry.renewed)) keep(key, entry)
    else if (entries.get(key) === entry) entries.delete(key)
  }

  function begin(key: string, session: RefreshableSession, renew: Renew): Entry {
    const result = shared === undefined ? renew() : shared.renew(session, renew)
    const entry: Entry = { result, ended: false }
    entries.set(key, entry)
    void settle(key, entry)
    return entry
  }

  async function renewOnce(session: RefreshableSession, renew: Renew): Promise<RenewalResult> {
    const key = await keyOf(session.refreshToken)
    const known = entries.get(key)
    if (known?.ended) return { kind: 'ended' }
    const isKnown = known && (known.renewed === undefined || isLatecomer(session, known.renewed))
    const entry = isKnown ? known : begin(key, session, renew)
    const result = withoutLater(await entry.result)
    return entry.ended ? { kind: 'ended' } : result
  }

  /** Ends what this process knows of; resolves with what a refresh under way, or a moment ago, has brought. */
  async function endHere(key: string): Promise<RefreshableSession | undefined> {
    const known = entries.get(key)
    if (known?.ended) return undefined
    if (known) known.ended = true
    if (shared === undefined) {
      keep(key, known ?? { result: Promise.resolve({ kind: 'ended' }), ended: true })
    }
    const result = await known?.result.catch(() => undefined)
    return result?.kind === 'renewed' ? result.renewal.session : undefined
  }

  async function end(refreshToken: string, depth = 0): Promise<string> {
    const key = await keyOf(refreshToken)
    const [here, elsewhere] = await Promise.all([endHere(key), shared?.end(refreshToken)])
    const { refreshToken: next = refreshToken } = here ?? elsewhere ?? {}
    // Where the token stays the same, ending it again has the same end.
    const isLast = next === refreshToken || depth === MAX_SUCCESSORS
    // A browser may already have the successor, or get it after this logout has cleared its cookies.
    return isLast ? next : await end(next, depth + 1)
  }

  return { renewOnce, end: (refreshToken) => end(refreshToken) }
}

/** What is still to come is between the refresh and its coordinator. */
function withoutLater(result: RenewalResult | OverdueRenewal): RenewalResult {
  if (result.kind !== 'failure' || !('later' in result)) return result
  const { later: _, ...failed } = result
  return failed
}

/** A hash under a random key, so that memory holds no list of refresh tokens to look one up in. */
function createKeyedHash({ deriveKeys }: StoreCrypto): (text: string) => Promise<string> {
  let keys: EntryKeys | Promise<EntryKeys> | undefined
  return async (text) => {
    keys ??= deriveKeys(encodeBase64url(crypto.getRandomValues(new Uint8Array(32))), derivation)
    return await (await keys).mac(utf8.encode(text))
  }
}
