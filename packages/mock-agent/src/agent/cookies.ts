// What the agent's cookies hold, and how its answers change them. Pure; how they travel is another file's concern.
import type { AccessToken } from '../authorization-server/state.ts'
import type { MockUser, MockUsers } from '../users.ts'

/** Content of the session cookie. */
export interface SessionCookie<U extends MockUsers> extends MockUser<U> {
  readonly refreshToken: number
  /** Tells when it expires, and which grant all this belongs to. */
  readonly accessToken: AccessToken
}

/** Content of a login cookie: one login that was started and not ended yet. */
export interface LoginCookie {
  readonly state: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
}

/** The cookies of one browser. */
export interface Cookies<U extends MockUsers> {
  readonly proxy: AccessToken | undefined
  readonly session: SessionCookie<U> | undefined
  /** Oldest first. */
  readonly logins: readonly LoginCookie[]
}

/** One thing that an answer does to the cookies. */
export type CookieChange<U extends MockUsers> =
  /** Sets proxy and session cookie. */
  | { readonly kind: 'session-begins'; readonly session: SessionCookie<U> }
  /** Clears proxy and session cookie. */
  | { readonly kind: 'session-ends' }
  | { readonly kind: 'login-begins'; readonly login: LoginCookie }
  | { readonly kind: 'login-ends'; readonly state: string }
  /** Clears every cookie the agent ever issued. */
  | { readonly kind: 'everything-ends' }

/** A browser that was never here. */
export const noCookies = <U extends MockUsers>(): Cookies<U> => ({
  proxy: undefined,
  session: undefined,
  logins: [],
})

/** What a browser does with an answer's cookies. */
export function applyChange<U extends MockUsers>(
  cookies: Cookies<U>,
  change: CookieChange<U>,
): Cookies<U> {
  switch (change.kind) {
    case 'session-begins':
      return { ...cookies, session: change.session, proxy: change.session.accessToken }
    case 'session-ends':
      return { ...cookies, session: undefined, proxy: undefined }
    case 'login-begins':
      return { ...cookies, logins: [...cookies.logins, change.login] }
    case 'login-ends':
      return { ...cookies, logins: cookies.logins.filter(({ state }) => state !== change.state) }
    case 'everything-ends':
      return noCookies()
  }
}
