// What can be done to the local stack from outside, as functions. None of it is part of the handler.
import type { Availability } from './availability.ts'

/** Makes happen what otherwise takes hours or an accident. For development and tests. */
export interface StackControls {
  /** The demo API refuses every access token issued so far. */
  readonly expireAccessTokens: () => Promise<void>
  /** The authorization server forgets every session, grant and refresh token. */
  readonly endSessions: () => Promise<void>
  /** How the demo API answers from now on. */
  readonly setApi: (availability: Availability) => Promise<void>
  /** How the authorization server answers from now on, the handler and browsers alike. */
  readonly setAuthorizationServer: (availability: Availability) => Promise<void>
}
