// The login cookies: one for each sign-in that is under way in this browser.
import { cookieName } from '@token-handler/contract'
import { encodeBase64url } from '../base64url.ts'
import type { Transaction } from '../oauth-client/authorization-request.ts'
import { expiredCookie } from '../http/cookies.ts'
import { webStoreCrypto } from '../store/store-crypto.ts'
import type { StoreCrypto } from '../store/store-crypto.ts'
import type { SetCookie } from '../http/cookies.ts'
import { number, objectOf, someText, text } from '../shape.ts'
import type { Read } from '../shape.ts'
import type { AgentContext, AgentInput } from './context.ts'

const readLogin = objectOf(
  { state: someText, nonce: someText, codeVerifier: someText, createdAt: number },
  { maxAge: number, dpopKey: text },
)

/** Content of a login cookie: what is kept of the authorization request, and since when (ms). */
type Login = Read<typeof readLogin>

/** Seconds that a user has for signing in. */
const LOGIN_LIFETIME = 600

/** Tabs may sign in side by side; more logins than this at once are leftovers. */
const MAX_LOGINS = 5

/**
 * The name of a transaction's cookie. It derives from the state, so that a response finds the cookie
 * of its own request, and only that one.
 *
 * @param hash - SHA-256
 */
export async function loginCookieName(
  prefix: string,
  state: string,
  hash: StoreCrypto['hash'] = webStoreCrypto.hash,
): Promise<string> {
  const digest = await hash(state)
  return cookieName(prefix, 'login', encodeBase64url(digest.subarray(0, 12)))
}

/** The names of all login cookies that came with a request. */
export function loginCookieNames(prefix: string, cookies: AgentInput['cookies']): string[] {
  const start = `${cookieName(prefix, 'login')}-`
  return [...cookies.keys()].filter((name) => name.startsWith(start))
}

/** Resolves with the transaction, or `undefined` when the value is not of ours or too old. */
export async function openLogin(
  { sealer, now }: AgentContext,
  value: string,
): Promise<Login | undefined> {
  const login = readLogin(await sealer.open('login', value))
  return login && now() - login.createdAt <= LOGIN_LIFETIME * 1000 ? login : undefined
}

/**
 * Resolves with the cookies that begin a login: the transaction's own, and removals of leftovers
 * where there would be too many.
 */
export async function issueLoginCookies(
  context: AgentContext,
  cookies: AgentInput['cookies'],
  transaction: Transaction,
): Promise<SetCookie[]> {
  const { prefix } = context.configuration.cookies
  const login: Login = { ...transaction, createdAt: context.now() }
  const name = await loginCookieName(prefix, transaction.state, context.hash)
  const value = await context.sealer.seal('login', login)
  const evicted = await findLeftovers(context, cookies)
  return [...evicted.map(expiredCookie), { name, value, maxAge: LOGIN_LIFETIME }]
}

/** The oldest logins that have to go to make room for one more; unreadable ones count as oldest. */
async function findLeftovers(
  context: AgentContext,
  cookies: AgentInput['cookies'],
): Promise<string[]> {
  const names = loginCookieNames(context.configuration.cookies.prefix, cookies)
  const surplus = names.length - (MAX_LOGINS - 1)
  if (surplus <= 0) return []
  const logins = await Promise.all(
    names.map(async (name) => {
      const login = await openLogin(context, cookies.get(name) ?? '')
      return { name, createdAt: login?.createdAt ?? 0 }
    }),
  )
  logins.sort((one, other) => one.createdAt - other.createdAt)
  return logins.slice(0, surplus).map(({ name }) => name)
}
