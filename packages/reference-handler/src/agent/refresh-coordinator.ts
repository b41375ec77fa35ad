// The port that makes sure that a refresh token is used once, however many requests carry it.
import type { SetCookie } from '../http/cookies.ts'
import type { Failed } from './operation-outcome.ts'
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
   * shared by those who wait for it and not kept. Rejects when `renew` does, and when the coordinator
   * itself fails: then the refresh answers 503, and the session stays.
   */
  readonly renewOnce: (
    session: RefreshableSession,
    renew: () => Promise<RenewalResult>,
  ) => Promise<RenewalResult>
  /**
   * Ends the session of a refresh token and of those that came out of it: from now on, and for a
   * refresh under way, `renewOnce` resolves with `ended`. Resolves with the latest refresh token,
   * which is the one to revoke, after any refresh under way is done. When it rejects, the user is
   * signed out all the same, and the token that was asked about is revoked.
   */
  readonly end: (refreshToken: string) => Promise<string>
}
