// Everything a mock remembers, and how each thing that happens in the world moves it. Pure: no clock, no HTTP.
import { noCookies } from './agent/cookies.ts'
import type { Cookies, LoginCookie, SessionCookie } from './agent/cookies.ts'
import { newServerState } from './agent/server-state.ts'
import type { ServerState } from './agent/server-state.ts'
import { expireAccessTokens, grantTokens, revokeEverything } from './authorization-server/state.ts'
import type { AccessToken, Authentication, TokenPolicy } from './authorization-server/state.ts'
import type { MockUsers } from './users.ts'

/** What the cookies of each role stand for. */
export interface CookieContents<U extends MockUsers> {
  readonly proxy: AccessToken
  readonly session: SessionCookie<U>
  readonly login: LoginCookie
}

/** The roles of the mock's cookies: to it, every browser is one without device binding. */
export type MockCookieRole = keyof CookieContents<MockUsers>

/** The real cookies that were issued. */
interface SealedCookies<U extends MockUsers> {
  /** Tells the cookies of one mock from those of all others. */
  readonly mockId: string
  /** Counts the keys; stands in every value. */
  readonly keyVersion: number
  /** By role, then by value. */
  readonly contents: {
    readonly [R in MockCookieRole]: Readonly<Record<string, CookieContents<U>[R]>>
  }
}

const noContents = { proxy: {}, session: {}, login: {} }

/** Servers and browser. It is plain JSON, so it can be stored. */
export interface MockState<U extends MockUsers> {
  readonly servers: ServerState<U>
  /** The cookies of the virtual browser; stays empty with real cookies. */
  readonly browser: Cookies<U>
  readonly sealed: SealedCookies<U>
}

/**
 * No session, and no events yet.
 *
 * @param mockId - stands in every real cookie
 */
export function initialState<U extends MockUsers>(mockId: string): MockState<U> {
  return {
    servers: newServerState(),
    browser: noCookies(),
    sealed: { mockId, keyVersion: 1, contents: noContents },
  }
}

/** A user has signed in, in whatever browser: gives the session for its cookies. */
export function beginSession<U extends MockUsers>(
  state: MockState<U>,
  authentication: Authentication<U>,
  policy: TokenPolicy,
): { readonly state: MockState<U>; readonly session: SessionCookie<U> } {
  const { user, claims } = authentication
  const { authorizationServer } = state.servers
  const { server, tokens } = grantTokens(authorizationServer, authentication, policy)
  const servers = { ...state.servers, authorizationServer: server, lastSignedIn: authentication }
  return { state: { ...state, servers }, session: { user, claims, ...tokens } }
}

/** A user has signed in with the virtual browser. */
export function signIn<U extends MockUsers>(
  state: MockState<U>,
  authentication: Authentication<U>,
  policy: TokenPolicy,
): MockState<U> {
  const begun = beginSession(state, authentication, policy)
  const { session } = begun
  return { ...begun.state, browser: { ...state.browser, session, proxy: session.accessToken } }
}

/** The virtual browser has lost the session's cookies, and the authorization server forgot its user. */
export function signOut<U extends MockUsers>(state: MockState<U>): MockState<U> {
  return {
    ...state,
    servers: { ...state.servers, lastSignedIn: undefined },
    browser: { ...state.browser, session: undefined, proxy: undefined },
  }
}

/** APIs refuse every access token issued so far. */
export function expireAccessToken<U extends MockUsers>(state: MockState<U>): MockState<U> {
  const authorizationServer = expireAccessTokens(state.servers.authorizationServer)
  return { ...state, servers: { ...state.servers, authorizationServer } }
}

/** The authorization server has ended every session; the agent's cookies do not know it yet. */
export function expireSession<U extends MockUsers>(state: MockState<U>): MockState<U> {
  const authorizationServer = revokeEverything(state.servers.authorizationServer)
  return { ...state, servers: { ...state.servers, authorizationServer, lastSignedIn: undefined } }
}

/** No cookie issued so far can be read any more. */
export function rotateCookieKey<U extends MockUsers>(state: MockState<U>): MockState<U> {
  const keyVersion = state.sealed.keyVersion + 1
  const sealed = { ...state.sealed, keyVersion, contents: noContents }
  return { ...state, browser: noCookies(), sealed }
}

/** Keeps what a real cookie stands for. */
export function sealCookie<U extends MockUsers, R extends MockCookieRole>(
  state: MockState<U>,
  role: R,
  value: string,
  content: CookieContents<U>[R],
): MockState<U> {
  const { contents } = state.sealed
  const ofRole = { ...contents[role], [value]: content }
  return { ...state, sealed: { ...state.sealed, contents: { ...contents, [role]: ofRole } } }
}

/** What a real cookie stands for; `undefined` when it was never issued, or for another role. */
export function openCookie<U extends MockUsers, R extends MockCookieRole>(
  { sealed }: MockState<U>,
  role: R,
  value: string | undefined,
): CookieContents<U>[R] | undefined {
  const ofRole = sealed.contents[role]
  return value !== undefined && Object.hasOwn(ofRole, value) ? ofRole[value] : undefined
}
