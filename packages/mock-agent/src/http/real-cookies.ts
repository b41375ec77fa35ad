// Cookies as the agent issues them: opaque values on the wire, whose contents the mock keeps; see
// decisions/0008.
import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
import type { CookieChange, SessionCookie } from '../agent/cookies.ts'
import { LOGIN_LIFETIME } from '../agent/end-login.ts'
import { openCookie, sealCookie } from '../mock-state.ts'
import type { MockCookieRole, MockState } from '../mock-state.ts'
import type { MockUsers } from '../users.ts'
import type { CookieStore } from './cookie-store.ts'

const PROXY = cookieName(DEFAULT_COOKIE_PREFIX, 'proxy')
const SESSION = cookieName(DEFAULT_COOKIE_PREFIX, 'session')
const loginName = (state: string): string => cookieName(DEFAULT_COOKIE_PREFIX, 'login', state)
const isLoginName = (name: string): boolean => name.startsWith(loginName(''))

/** A cookie of the mock, as a browser has it. */
export interface NamedCookie {
  readonly name: string
  readonly value: string
}

function parseHeader(request: Request): readonly NamedCookie[] {
  const pairs = (request.headers.get('cookie') ?? '').split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('=') }
  })
  return pairs.filter(({ name }) => name.startsWith(`${DEFAULT_COOKIE_PREFIX}-`))
}

/** A `Set-Cookie` header; without a value it removes the cookie. */
function setCookie(name: string, value?: string, maxAge?: number): string {
  const seconds = value === undefined ? 0 : maxAge
  const lifetime = seconds === undefined ? '' : `; Max-Age=${seconds}`
  return `${name}=${value ?? ''}; Path=/${lifetime}; Secure; HttpOnly; SameSite=Strict`
}

/** Opaque, and the same for the same content; no two mocks, keys or roles share one. */
const valueOf = <U extends MockUsers>(
  { sealed }: MockState<U>,
  role: MockCookieRole,
  number: number | string,
): string => `${sealed.mockId}-${sealed.keyVersion}-${role}-${number}`

/** Seals a session into the two cookies that carry it. */
export function sealSession<U extends MockUsers>(
  state: MockState<U>,
  session: SessionCookie<U>,
): { readonly state: MockState<U>; readonly cookies: readonly NamedCookie[] } {
  const { number } = session.accessToken
  const proxyValue = valueOf(state, 'proxy', number)
  const sessionValue = valueOf(state, 'session', number)
  const withProxy = sealCookie(state, 'proxy', proxyValue, session.accessToken)
  return {
    state: sealCookie(withProxy, 'session', sessionValue, session),
    cookies: [
      { name: PROXY, value: proxyValue },
      { name: SESSION, value: sessionValue },
    ],
  }
}

/** Keeps the cookies of each browser in that browser. */
export function createRealCookies<U extends MockUsers>(): CookieStore<U> {
  const apply = (
    state: MockState<U>,
    request: Request,
    change: CookieChange<U>,
  ): { readonly state: MockState<U>; readonly setCookies: readonly string[] } => {
    switch (change.kind) {
      case 'session-begins': {
        const issued = sealSession(state, change.session)
        const setCookies = issued.cookies.map(({ name, value }) => setCookie(name, value))
        return { state: issued.state, setCookies }
      }
      case 'session-ends':
        return { state, setCookies: [setCookie(PROXY), setCookie(SESSION)] }
      case 'login-begins': {
        const value = valueOf(state, 'login', change.login.state)
        const sealed = sealCookie(state, 'login', value, change.login)
        const name = loginName(change.login.state)
        return { state: sealed, setCookies: [setCookie(name, value, LOGIN_LIFETIME)] }
      }
      case 'login-ends':
        return { state, setCookies: [setCookie(loginName(change.state))] }
      case 'everything-ends': {
        const logins = parseHeader(request)
          .map(({ name }) => name)
          .filter(isLoginName)
        return { state, setCookies: [PROXY, SESSION, ...logins].map((name) => setCookie(name)) }
      }
    }
  }

  return {
    read: (state, request) => {
      const cookies = parseHeader(request)
      if (new Set(cookies.map(({ name }) => name)).size < cookies.length) return 'duplicate'
      const find = (wanted: string): string | undefined =>
        cookies.find(({ name }) => name === wanted)?.value
      return {
        proxy: openCookie(state, 'proxy', find(PROXY)),
        session: openCookie(state, 'session', find(SESSION)),
        logins: cookies
          .filter(({ name }) => isLoginName(name))
          .flatMap(({ value }) => openCookie(state, 'login', value) ?? []),
      }
    },
    write: (state, request, changes) =>
      changes.reduce<ReturnType<CookieStore<U>['write']>>(
        (written, change) => {
          const next = apply(written.state, request, change)
          return { state: next.state, setCookies: [...written.setCookies, ...next.setCookies] }
        },
        { state, setCookies: [] },
      ),
  }
}
