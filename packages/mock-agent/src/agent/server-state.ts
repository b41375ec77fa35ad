// What the mock's servers remember, whichever browser asks. Pure.
import { newAuthorizationServer } from '../authorization-server/state.ts'
import type { Authentication, AuthorizationServer } from '../authorization-server/state.ts'
import type { SessionCookie } from './cookies.ts'
import type { Settings } from '../options.ts'
import type { MockUsers } from '../users.ts'

/** The result of a refresh, cached for latecomers with the same refresh token. */
export interface KeptRenewal<U extends MockUsers> {
  readonly refreshToken: number
  readonly session: SessionCookie<U>
  /** Milliseconds since the epoch. */
  readonly keptUntil: number
}

/** Memory of agent and authorization server. */
export interface ServerState<U extends MockUsers> {
  readonly authorizationServer: AuthorizationServer<U>
  /** Who ended a login last; see {@link rememberedUser}. */
  readonly lastSignedIn: Authentication<U> | undefined
  readonly renewals: readonly KeptRenewal<U>[]
  /** How many logins were started; names the next one. */
  readonly startedLogins: number
}

/** Servers before the first call. */
export function newServerState<U extends MockUsers>(): ServerState<U> {
  return {
    authorizationServer: newAuthorizationServer(),
    lastSignedIn: undefined,
    renewals: [],
    startedLogins: 0,
  }
}

/**
 * Whom the authorization server still knows, and could sign in without asking. With several browsers it
 * remembers no user: it could not know whose session it was.
 */
export function rememberedUser<U extends MockUsers>(
  { lastSignedIn }: ServerState<U>,
  { cookies }: Pick<Settings, 'cookies'>,
): Authentication<U> | undefined {
  return cookies === 'virtual' ? lastSignedIn : undefined
}
