// What a mock remembers, and how each thing that happens in the world moves it: pure functions, no clock, no HTTP.
import type { MockUser, MockUsers } from './users.ts'

/** A session at the agent. In a real browser its cookies hold this. */
export interface MockSession<U extends MockUsers> extends MockUser<U> {
  /** When APIs begin to refuse the access token, in milliseconds since the epoch. */
  readonly accessTokenExpiresAt: number
  /** Whether the authorization server still accepts the refresh token. */
  readonly refreshable: boolean
}

/** A login that was started and not ended yet. In a real browser a login cookie holds this. */
export interface PendingLogin<U extends MockUsers> {
  readonly state: string
  /** What the authorization server issued once the user was there. */
  readonly grant?: MockUser<U> & { readonly code: string }
}

/** Everything a mock remembers of its one browser. */
export interface MockState<U extends MockUsers> {
  readonly session: MockSession<U> | undefined
  readonly pendingLogins: readonly PendingLogin<U>[]
  /** How many logins were started; names the next one. */
  readonly startedLogins: number
}

/** Nobody is signed in, and nothing has happened. */
export function initialState<U extends MockUsers>(): MockState<U> {
  return { session: undefined, pendingLogins: [], startedLogins: 0 }
}

/** Every cookie is gone: no session, no pending login. What a request without cookies meets, too. */
export function clearCookies<U extends MockUsers>(state: MockState<U>): MockState<U> {
  return { ...initialState(), startedLogins: state.startedLogins }
}

/** A user has signed in, some time ago or just now. */
export function signIn<U extends MockUsers>(
  state: MockState<U>,
  { user, claims }: MockUser<U>,
  accessTokenExpiresAt: number,
): MockState<U> {
  return { ...state, session: { user, claims, accessTokenExpiresAt, refreshable: true } }
}

/** The session's cookies are gone. */
export function signOut<U extends MockUsers>(state: MockState<U>): MockState<U> {
  return { ...state, session: undefined }
}

/** APIs refuse the access token from now on. Without a session, nothing happens. */
export function expireAccessToken<U extends MockUsers>(
  state: MockState<U>,
  now: number,
): MockState<U> {
  if (state.session === undefined) return state
  return { ...state, session: { ...state.session, accessTokenExpiresAt: now } }
}

/** APIs refuse the access token, and the authorization server the refresh token, from now on. */
export function expireSession<U extends MockUsers>(state: MockState<U>, now: number): MockState<U> {
  const expired = expireAccessToken(state, now)
  if (expired.session === undefined) return expired
  return { ...expired, session: { ...expired.session, refreshable: false } }
}

/** A login begins. */
export function startLogin<U extends MockUsers>(
  state: MockState<U>,
): { readonly state: MockState<U>; readonly login: PendingLogin<U> } {
  const startedLogins = state.startedLogins + 1
  const login = { state: `mock-state-${startedLogins}` }
  return {
    state: { ...state, startedLogins, pendingLogins: [...state.pendingLogins, login] },
    login,
  }
}

/** The login that a `state` parameter belongs to. */
export function findLogin<U extends MockUsers>(
  state: MockState<U>,
  parameter: string | null,
): PendingLogin<U> | undefined {
  return state.pendingLogins.find((login) => login.state === parameter)
}

/** The user signs in at the authorization server, which issues a code for the login. */
export function grantCode<U extends MockUsers>(
  state: MockState<U>,
  login: PendingLogin<U>,
  { user, claims }: MockUser<U>,
): { readonly state: MockState<U>; readonly code: string } {
  const code = `code-of-${login.state}-for-${user}`
  const granted = { ...login, grant: { user, claims, code } }
  const pendingLogins = state.pendingLogins.map((other) =>
    other.state === login.state ? granted : other,
  )
  return { state: { ...state, pendingLogins }, code }
}

/** A login is over, however it went. */
export function forgetLogin<U extends MockUsers>(
  state: MockState<U>,
  login: PendingLogin<U>,
): MockState<U> {
  return {
    ...state,
    pendingLogins: state.pendingLogins.filter((other) => other.state !== login.state),
  }
}

/** Whether an API accepts the session's access token. */
export function isFresh<U extends MockUsers>(session: MockSession<U>, now: number): boolean {
  return session.accessTokenExpiresAt > now
}
