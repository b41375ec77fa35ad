// What is known of an access token that nobody here can see: how often it was renewed, and when it is due.

/** Knowledge about the access token. */
export interface AccessToken {
  /** How often it was renewed. A request sent in an earlier epoch was sent with an older token. */
  readonly epoch: () => number
  /** Whether it should be refreshed before the next request. */
  readonly isDue: () => boolean
  /**
   * Takes in what the agent said about the current token.
   *
   * @param requestedAt - when the agent was asked, in ms
   * @param expiresIn - seconds
   * @returns when it expires, in ms, if that is known
   */
  readonly observe: (requestedAt: number, expiresIn: number | undefined) => number | undefined
  /** As `observe`, for a new token: begins the next epoch. */
  readonly renew: (requestedAt: number, expiresIn: number | undefined) => number | undefined
}

// The request takes time, and so does the way of the next one.
const MAX_LEEWAY = 30
const LEEWAY_SHARE = 0.1

/** Knows nothing yet. */
export function createAccessToken(now: () => number): AccessToken {
  let epoch = 0
  let renewedAt = 0
  let expiresAt: number | undefined
  let refreshAt: number | undefined

  function observe(requestedAt: number, expiresIn: number | undefined): number | undefined {
    // An answer to a question from before the last renewal is about the previous token.
    if (requestedAt < renewedAt) return expiresAt
    if (expiresIn === undefined) {
      expiresAt = undefined
      refreshAt = undefined
    } else {
      const leeway = Math.min(MAX_LEEWAY, expiresIn * LEEWAY_SHARE)
      expiresAt = requestedAt + expiresIn * 1000
      refreshAt = expiresAt - leeway * 1000
    }
    return expiresAt
  }

  return {
    epoch: () => epoch,
    isDue: () => refreshAt !== undefined && now() >= refreshAt,
    observe,
    renew(requestedAt, expiresIn) {
      epoch += 1
      renewedAt = requestedAt
      // A new token without a lifetime would be due at every request: rather wait for the 401.
      return observe(requestedAt, expiresIn !== undefined && expiresIn > 0 ? expiresIn : undefined)
    },
  }
}
