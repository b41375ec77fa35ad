// `POST /logout`: the end of the session, here and as far as possible at the authorization server.
import { cookieName } from '@token-handler/contract'
import { expiredCookie } from '../../http/cookies.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { loginCookieNames } from '../login-cookies.ts'
import { selectLogoutParameters } from '../logout-parameters.ts'
import { succeed } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'
import { retireCookies } from '../retire-cookies.ts'
import { endInTime } from '../renew-in-time.ts'
import { openProxyCookie } from '../../sealing/proxy-cookie.ts'
import { openSession } from '../session-cookie.ts'
import type { SessionContent } from '../session-cookie.ts'
import { markOfItself } from '../../store/session-marks.ts'
import { expireSession } from '../issue-session.ts'

/**
 * Signs the user out, of every session that the browser has a cookie of. It always succeeds: cookies go whatever the
 * authorization server says, whether or not the refresh coordinator works, and whether or not there were any. It waits
 * for a refresh under way and for the revocation, each for the authorization server's timeout at most.
 */
export async function logout(
  context: AgentContext,
  { allCookies, cookies, parameters }: AgentInput,
): Promise<OperationDecision<'logout'>> {
  const { prefix } = context.configuration.cookies
  const valuesOf = (role: 'proxy' | 'session') =>
    allCookies.flatMap(([name, value]) => (name === cookieName(prefix, role) ? [value] : []))
  // A sign-out succeeds also while the store is away: without it, the cookies go all the same.
  const open = (value: string) => openSession(context.sealer, value).catch(() => undefined)
  const sessions = (await Promise.all(valuesOf('session').map(open))).filter(
    (session) => session !== undefined,
  )
  const refreshTokens = sessions.flatMap(({ refreshToken }) => refreshToken ?? [])
  const [logoutUrl] = await Promise.all([
    findLogoutUrl(
      context,
      sessions.find(({ idToken }) => idToken !== undefined)?.idToken,
      selectLogoutParameters(context, parameters),
    ),
    ...[...new Set(refreshTokens)].map((refreshToken) => endSession(context, refreshToken)),
    refreshTokens.length === 0 && revokeAccessTokens(context, valuesOf('proxy')),
    tellInstances(context, sessions),
    retireCookies(context, cookies, 0),
  ])
  return succeed(logoutUrl === undefined ? {} : { logoutUrl }, [
    ...expireSession(context.configuration),
    ...loginCookieNames(prefix, cookies).map(expiredCookie),
  ])
}

async function findLogoutUrl(
  context: AgentContext,
  idToken: string | undefined,
  parameters: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const found = await context.authorizationServer.endSessionUrl(idToken, parameters)
  if (found.ok) return found.value
  warn(context, found.failure, 'logout: the session at the authorization server goes on')
  return undefined
}

async function endSession(context: AgentContext, refreshToken: string): Promise<void> {
  const latest = await findLatest(context, refreshToken)
  const revoked = await context.authorizationServer.revoke(latest, 'refresh_token')
  if (!revoked.ok) warn(context, revoked.failure, 'logout: the refresh token is not revoked')
}

/**
 * Without a refresh token, whoever copied the cookie could go on until its access token ends.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2 RFC 7009 section 2}
 */
async function revokeAccessTokens(context: AgentContext, values: readonly string[]): Promise<void> {
  const open = (value: string) => openProxyCookie(context.sealer, value).catch(() => undefined)
  const opened = await Promise.all(values.map(open))
  const accessTokens = opened
    .filter((cookie) => cookie !== undefined && (cookie.expiresAt ?? Infinity) > context.now())
    .map((cookie) => cookie?.accessToken ?? '')
  for (const accessToken of new Set(accessTokens)) {
    const revoked = await context.authorizationServer.revoke(accessToken, 'access_token')
    if (!revoked.ok) warn(context, revoked.failure, 'logout: the access token is not revoked')
  }
}

/** Without its coordinator, at least the token at hand is revoked; many servers end its whole grant. */
async function findLatest(context: AgentContext, refreshToken: string): Promise<string> {
  try {
    return await endInTime(context, refreshToken)
  } catch (cause) {
    const failure = { details: 'The refresh coordinator failed.', cause }
    warn(context, failure, 'logout: later refresh tokens of this session may go on')
    return refreshToken
  }
}

/** Copies of their access tokens are refused from now on. What has been told is not told again. */
async function tellInstances(
  { endedSessions, log }: AgentContext,
  sessions: readonly SessionContent[],
): Promise<void> {
  if (endedSessions === undefined) return
  const marks = new Set<string>()
  for (const { claims, startedAt } of sessions) {
    const mark = await markOfItself(claims, startedAt)
    if (!endedSessions.isEnded({ marks: [mark], startedAt })) marks.add(mark)
  }
  try {
    if (marks.size > 0) await endedSessions.end([...marks])
  } catch (cause) {
    const message = 'logout: the access token stays valid on other instances until it expires'
    log.warn({ causes: describeError(cause) }, message)
  }
}

function warn(
  { log }: AgentContext,
  failure: { readonly details: string; readonly cause: unknown },
  message: string,
): void {
  log.warn({ details: failure.details, causes: describeError(failure.cause) }, message)
}
