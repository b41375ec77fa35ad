// What is known of the access token, which no script can see: when it expires, and when to renew it.
import type { Platform } from '../platform/platform.ts'
import type { TokenRenewal } from '../session/session-facts.ts'

/** Knowledge about the access token. */
export interface AccessToken {
  /**
   * Whether it should be refreshed before the next request.
   *
   * @param minTtl - how long it has to be good for, in seconds, when the next request cannot be sent
   *   a second time. By default it is enough that it has probably not expired
   */
  readonly isDue: (minTtl?: number) => boolean
  /** When it becomes due, in milliseconds, if that is known. */
  readonly dueAt: () => number | undefined
  /**
   * Takes in what the agent said about the current token.
   *
   * @param requestedAt - when the agent was asked, in ms
   * @param expiresIn - seconds
   * @returns when it expires, in ms, if that is known
   */
  readonly noteExpiry: (requestedAt: number, expiresIn: number | undefined) => number | undefined
  /** As `noteExpiry`, for a new token. */
  readonly renew: (requestedAt: number, expiresIn: number | undefined) => TokenRenewal
  /** Takes in what another tab says about the current token. */
  readonly adoptRenewal: (renewal: TokenRenewal) => void
}

// The request takes time, and so does the way of the next one. Milliseconds.
const MAX_LEEWAY = 30_000
const LEEWAY_SHARE = 0.1
// When wall clock and monotonic clock part, the machine has slept, or the clock was set.
const MAX_DRIFT = 5_000

/** Knows nothing yet. */
export function createAccessToken({
  now,
  monotonicNow,
}: Pick<Platform, 'now' | 'monotonicNow'>): AccessToken {
  let expiresAt: number | undefined
  let lifetime = 0
  /** Exactly, that is: else it is a lower limit. */
  let isLifetimeKnown = false
  let drift = 0

  const measureDrift = () => now() - monotonicNow()

  function know(requestedAt: number, until: number | undefined, isNew: boolean): void {
    expiresAt = until
    drift = measureDrift()
    // What is left of a token is no more than a lower limit of its lifetime.
    const left = until === undefined ? 0 : until - requestedAt
    lifetime = isNew || !isLifetimeKnown ? left : Math.max(lifetime, left)
    isLifetimeKnown ||= isNew
  }

  const leeway = () => Math.min(MAX_LEEWAY, lifetime * LEEWAY_SHARE)

  return {
    isDue(minTtl) {
      if (expiresAt === undefined) return false
      const isTrusted = Math.abs(measureDrift() - drift) <= MAX_DRIFT
      const left = expiresAt - now()
      if (minTtl === undefined) return isTrusted && left <= leeway()
      const enough = isLifetimeKnown ? Math.min(minTtl * 1000, lifetime / 2) : minTtl * 1000
      return !isTrusted || left <= Math.max(leeway(), enough)
    },
    dueAt: () => (expiresAt === undefined ? undefined : expiresAt - leeway()),
    noteExpiry(requestedAt, expiresIn) {
      const until = expiresIn === undefined ? undefined : requestedAt + expiresIn * 1000
      know(requestedAt, until, false)
      return until
    },
    renew(requestedAt, expiresIn) {
      // A new token without a lifetime would be due at every request: rather wait for the 401.
      const until =
        expiresIn !== undefined && expiresIn > 0 ? requestedAt + expiresIn * 1000 : undefined
      know(requestedAt, until, true)
      return { renewedAt: requestedAt, accessTokenExpiresAt: until }
    },
    adoptRenewal: ({ renewedAt, accessTokenExpiresAt }) =>
      know(renewedAt, accessTokenExpiresAt, true),
  }
}
