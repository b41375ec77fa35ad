// How the session's state moves: one pure function.
import type { TokenHandlerError } from '../errors.ts'
import type { SessionFacts } from './session-facts.ts'
import type {
  AuthenticatedSession,
  LoadingSession,
  Session,
  UnauthenticatedReason,
} from './session.ts'

/** What can happen to a session. */
export type SessionEvent<C> =
  /** A page load, or another try of it, begins to find out. */
  | { readonly type: 'load-started'; readonly isByUser?: boolean }
  /** The agent says that a user is signed in. */
  | {
      readonly type: 'session-found'
      /** In the app's type. */
      readonly claims: C
      readonly facts: SessionFacts
      /** A user has signed in since the session on show was found. */
      readonly isNew?: boolean
    }
  /** Another user has signed in since; who, the agent has still to say. */
  | { readonly type: 'user-replaced' }
  /** There is no session, or none any more; `cause` is what the agent said. */
  | { readonly type: 'session-missing'; readonly cause?: TokenHandlerError }
  /** A silent sign-in found that the authorization server wants to see the user. */
  | { readonly type: 'login-required' }
  /** The agent renewed the access token. */
  | { readonly type: 'refreshed'; readonly accessTokenExpiresAt: number | undefined }
  /** The user signed out. */
  | { readonly type: 'signed-out'; readonly origin: 'this-tab' | 'other-tab' }
  /** A sign-in did not end with a session. */
  | { readonly type: 'login-failed'; readonly error: TokenHandlerError }
  /** The agent gave no usable answer. */
  | { readonly type: 'failed'; readonly error: TokenHandlerError }

/** The state that every client begins in, and the only one on a server. */
export const loadingSession: LoadingSession = Object.freeze({ status: 'loading' })

// The agent speaks in whole seconds, so two answers about the same token differ a little.
const SAME_EXPIRY_TOLERANCE = 2_000

/** Whether two instants that the agent has named are the same one. */
export function isSameExpiry(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return Math.abs(one - other) <= SAME_EXPIRY_TOLERANCE
}

/** `next` with the identity of `state` when there is no difference worth a render. */
function keepIdentity<C>(state: Session<C>, next: AuthenticatedSession<C>): Session<C> {
  const isSame =
    state.status === 'authenticated' &&
    state.claims === next.claims &&
    state.stale === next.stale &&
    isSameExpiry(state.accessTokenExpiresAt, next.accessTokenExpiresAt) &&
    isSameExpiry(state.sessionExpiresAt, next.sessionExpiresAt) &&
    state.isDeviceBound === next.isDeviceBound
  return isSame ? state : next
}

/** What a refresh leaves as it is. */
type SessionFact = 'sessionExpiresAt' | 'isDeviceBound'

function authenticated<C>(
  claims: C,
  accessTokenExpiresAt: number | undefined,
  { sessionExpiresAt, isDeviceBound }: Pick<AuthenticatedSession, SessionFact>,
): AuthenticatedSession<C> {
  return {
    status: 'authenticated',
    claims,
    accessTokenExpiresAt,
    sessionExpiresAt,
    isDeviceBound,
    stale: false,
  }
}

function unauthenticated<C>(state: Session<C>, reason: UnauthenticatedReason): Session<C> {
  const isSame = state.status === 'unauthenticated' && state.reason === reason
  return isSame ? state : { status: 'unauthenticated', reason }
}

/** What comes after a sign-in that failed, and is no session, says less than its error: that stays until the user acts. */
const hasFailedLogin = (state: Session<unknown>): boolean =>
  state.status === 'error' && /^(?:start|end)Login$/.test(state.error.operation ?? '')

function fail<C>(state: Session<C>, error: TokenHandlerError): Session<C> {
  if (state.status === 'unauthenticated' || hasFailedLogin(state)) return state
  if (state.status !== 'authenticated') return { status: 'error', error }
  // A refusal that only a change of configuration can mend says nothing about this session.
  return error.code === 'agent_configuration' || state.stale ? state : { ...state, stale: true }
}

/**
 * The state after an event.
 *
 * @returns the same object when nothing visible changed
 */
export function transition<C>(state: Session<C>, event: SessionEvent<C>): Session<C> {
  switch (event.type) {
    case 'load-started':
      // A known session stays on screen while it is confirmed.
      if (state.status === 'authenticated' || state.status === 'loading') return state
      return hasFailedLogin(state) && !event.isByUser ? state : loadingSession
    case 'user-replaced':
      return loadingSession
    case 'session-found': {
      const { facts } = event
      return keepIdentity(state, authenticated(event.claims, facts.accessTokenExpiresAt, facts))
    }
    case 'session-missing':
      if (state.status === 'unauthenticated' || hasFailedLogin(state)) return state
      return unauthenticated(state, state.status === 'authenticated' ? 'expired' : 'none')
    case 'login-required':
      return unauthenticated(state, 'login-required')
    case 'refreshed':
      // Without claims there is no session to show yet, and a session that has ended stays ended.
      if (state.status !== 'authenticated') return state
      return keepIdentity(state, authenticated(state.claims, event.accessTokenExpiresAt, state))
    case 'signed-out':
      return unauthenticated(state, 'signed-out')
    case 'login-failed':
      return { status: 'error', error: event.error }
    case 'failed':
      return fail(state, event.error)
  }
  return event satisfies never
}
