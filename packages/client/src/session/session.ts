// The session as the app sees it: one union, no booleans beside it.
import type { Claims } from '@token-handler/contract'
import type { TokenHandlerError } from '../errors.ts'

/** Not known yet: the page has just loaded, or a sign-in is being ended. */
export interface LoadingSession {
  readonly status: 'loading'
}

/** Signed in. */
export interface AuthenticatedSession<C = Claims> {
  readonly status: 'authenticated'
  /** Claims of the ID token; empty when the authorization server issued none. */
  readonly claims: C
  /** When the access token expires, in milliseconds since the epoch of this browser's clock, if known. */
  readonly accessTokenExpiresAt?: number | undefined
  /** When the session ends whatever the user does, in milliseconds, if the agent says so. */
  readonly sessionExpiresAt?: number | undefined
  /** Whether a copy of the cookies is worth nothing elsewhere, as the agent said when it was last asked for the session. */
  readonly isDeviceBound?: boolean | undefined
  /** The last attempt to confirm or refresh the session failed for a reason that may pass. */
  readonly stale: boolean
}

/** Why there is no session. */
export type UnauthenticatedReason =
  /** No user has signed in. */
  | 'none'
  /** The authorization server was asked silently and wants the user to sign in. */
  | 'login-required'
  /** The user signed out. */
  | 'signed-out'
  /** The session ended by itself. */
  | 'expired'

/** Signed out. */
export interface UnauthenticatedSession {
  readonly status: 'unauthenticated'
  readonly reason: UnauthenticatedReason
}

/** The agent gave no usable answer, or a sign-in failed; `load()` and `login()` are worth another try. */
export interface ErrorSession {
  readonly status: 'error'
  readonly error: TokenHandlerError
}

/** The state of the session. */
export type Session<C = Claims> =
  | LoadingSession
  | AuthenticatedSession<C>
  | UnauthenticatedSession
  | ErrorSession
