// The port that uses each refresh token once, however many requests carry it: single-flight, plus a cache of results.
import type { SetCookie } from '../http/cookies.ts'
import type { AgentFailure, FailedDecision } from './agent-decision.ts'
import type { SessionContent } from './session-cookie.ts'

/** A session that can be refreshed. */
export interface RefreshableSession extends SessionContent {
  readonly refreshToken: string
}

/** A new session, already sealed: every concurrent request and latecomer gets the same cookies, in whatever order. */
export interface Renewal {
  readonly session: RefreshableSession
  readonly cookies: readonly SetCookie[]
  /** What the caller is answered where nothing but the refresh token of the answer could be used. */
  readonly failure?: AgentFailure
}

/**
 * The outcome of a refresh; `ended` if the user signed out while it was in flight. It can be written as JSON, but for
 * the `cause` of a failure, which is for the log of the instance that it happened to.
 */
export type RenewalResult =
  | { readonly kind: 'renewed'; readonly renewal: Renewal }
  | FailedDecision
  | { readonly kind: 'ended' }

/** A failure that is answered now, although the authorization server may yet give its answer. */
export interface OverdueRenewal extends FailedDecision {
  /**
   * What comes in the end; never rejects. Until then the refresh counts as in flight, so that the refresh token is
   * not used again, and what it brings is kept for latecomers like any result.
   */
  readonly later: Promise<RenewalResult>
}

/** Refreshes. Called once for all who ask at the same time. */
export type Renew = () => Promise<RenewalResult | OverdueRenewal>

/**
 * Coordinates refresh and logout of one session. Authorization servers that rotate refresh tokens
 * take a second use of one for theft and end the session, while browsers send the same cookie from
 * several tabs, or again after an answer was lost.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.14 RFC 9700 section 4.14}
 */
export interface RefreshCoordinator {
  /**
   * Runs `renew` once for all callers that present the same session while it is in flight (single-flight), and
   * returns its cached result to latecomers: callers that present the old session soon afterwards. A caller that
   * presents the renewed session is not a latecomer: its session is refreshed again, even if the authorization
   * server did not rotate the refresh token. A failure is shared by the callers in flight and is not cached.
   * Rejects when `renew` does, and when the coordinator itself fails: then the refresh answers 503, and the session
   * stays. Where it takes longer than the authorization server may, the agent waits no longer, and answers the same;
   * what `renew` has brought until then reaches the browser all the same.
   */
  readonly renewOnce: (session: RefreshableSession, renew: Renew) => Promise<RenewalResult>
  /**
   * Ends the session of a refresh token and of its successors: from now on, and for a refresh in flight,
   * `renewOnce` resolves with `ended`. Resolves with the latest refresh token,
   * which is the one to revoke, after any refresh under way is done. When it rejects, the user is
   * signed out all the same, and the token that was asked about is revoked.
   */
  readonly end: (refreshToken: string) => Promise<string>
}
