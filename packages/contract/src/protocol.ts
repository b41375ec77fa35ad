// The names that stand in headers and cookies on the wire.

/**
 * The header that every request to agent and proxy carries. A page of another origin cannot send it
 * without a CORS preflight, which makes it the pattern's defence against cross-site request forgery.
 */
export const VERSION_HEADER = 'token-handler-version'

/** The value of {@link VERSION_HEADER} in profile `token-handler-1`. */
export const VERSION = '1'

/** Content type of every JSON body, exactly: clients of the field compare it without parameters. */
export const JSON_CONTENT_TYPE = 'application/json'

/** Content type of every request body. */
export const FORM_CONTENT_TYPE = 'application/x-www-form-urlencoded'

/**
 * What a cookie is for. `proxy` carries the access token to APIs, `session` the refresh token and
 * the ID token claims, `login` the state, nonce and code verifier of one sign-in, `bound` a proof of a moment ago
 * that the session's device-bound key is here.
 */
export type CookieRole = 'proxy' | 'session' | 'login' | 'bound'

/** Default prefix of cookie names; the browser enforces Secure, HttpOnly, Path=/ and no Domain on it. */
export const DEFAULT_COOKIE_PREFIX = '__Host-Http-th'

const cookieSuffixes: Readonly<Record<CookieRole, string>> = {
  proxy: '-at',
  session: '-session',
  login: '-login',
  bound: '-bound',
}

/** Chromium refuses a cookie with this prefix as a credential of a device-bound session. */
const HTTP_PREFIX = /^__host-http-/i

/**
 * The name of a cookie. That of the bound cookie is without `Http-`, where the prefix has it.
 *
 * @param prefix - the deployment's cookie prefix, by default {@link DEFAULT_COOKIE_PREFIX}
 * @param role - what the cookie is for
 * @param id - for login cookies, the hash of the transaction's state
 *
 * @example
 * import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
 *
 * console.log(cookieName(DEFAULT_COOKIE_PREFIX, 'session')) // __Host-Http-th-session
 */
export function cookieName(prefix: string, role: CookieRole, id?: string): string {
  const start = role === 'bound' ? prefix.replace(HTTP_PREFIX, '__Host-') : prefix
  return start + cookieSuffixes[role] + (id === undefined ? '' : `-${id}`)
}
