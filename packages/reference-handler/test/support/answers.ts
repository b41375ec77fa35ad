// What answers of the agent have in common.
import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'

export const proxyName = cookieName(DEFAULT_COOKIE_PREFIX, 'proxy')
export const sessionName = cookieName(DEFAULT_COOKIE_PREFIX, 'session')
export const loginName = cookieName(DEFAULT_COOKIE_PREFIX, 'login')

/** The `Set-Cookie` that removes a cookie. */
export const removal = (name: string): string =>
  `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`

/** The answer to a refresh that brought new tokens. */
export const renewed = { status: 200, body: { access_token_expires_in: 300 } }

/** The answer to a refresh that is not possible any more. */
export const sessionExpired = {
  status: 401,
  body: { error_code: 'session_expired' },
  setCookies: [proxyName, sessionName].map(removal),
}
