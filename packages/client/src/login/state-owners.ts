// Which agent's client waits for which state: clients of several agents may share a callback path, in any tab.
import { isObject, isString, parseJson } from '../json.ts'
import type { KeyValueStore } from '../platform/platform.ts'
import { fingerprint, isRecent } from './login-records.ts'

/** What the clients of this origin know of each other's sign-ins. */
export interface StateOwners {
  /** A sign-in of this client leaves; without a state when the authorization URL hides it. */
  readonly claim: (state: string | undefined) => void
  /**
   * Whether a response with this state is for the client of another agent. Where nobody can tell, since the sign-ins
   * or the response (`undefined`) hide their state, it is for whoever has a sign-in of this tab that fits.
   * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.4 RFC 9700 section 4.4} for mix-ups
   */
  readonly isOfAnother: (state: string | undefined, isFitting: boolean) => boolean
}

/** A sign-in under way somewhere in this browser. */
interface Claim {
  /** A hash of the state; empty when it is hidden. */
  readonly hash: string
  readonly owner: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

const KEY = 'token-handler:states'
const MAX_CLAIMS = 20

const hashOf = (state: string | undefined) =>
  state === undefined ? '' : fingerprint(new URLSearchParams({ state }))

const isClaim = (value: unknown): value is Claim =>
  isObject(value) && isString(value['hash']) && isString(value['owner'])

/**
 * Keeps the claims in storage: hashes, since a state is nobody else's business.
 *
 * @param owner - the same for all clients of one agent
 */
export function createStateOwners(
  storage: KeyValueStore,
  owner: string,
  now: () => number,
): StateOwners {
  function read(): readonly Claim[] {
    const stored = parseJson(storage.get(KEY) ?? '')
    const claims: readonly unknown[] = Array.isArray(stored) ? stored : []
    return claims.filter(isClaim)
  }

  return {
    claim(state) {
      const claims = [...read(), { hash: hashOf(state), owner, startedAt: now() }]
      storage.set(KEY, JSON.stringify(claims.slice(-MAX_CLAIMS)))
    },
    isOfAnother(state, isFitting) {
      const claims = read()
      const exact = claims.filter(({ hash }) => hash !== '' && hash === hashOf(state))
      if (exact.length > 0) return !exact.some((claim) => claim.owner === owner)
      const isRival = (claim: Claim) =>
        claim.owner !== owner &&
        (state === undefined || claim.hash === '') &&
        isRecent(claim, now())
      return !isFitting && claims.some(isRival)
    },
  }
}
