// `POST /logout`: the end of the session, here and as far as possible at the authorization server.
import { cookieName } from '@token-handler/contract'
import { expiredCookie } from '../../http/cookies.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import { describeError } from '../describe-error.ts'
import { loginCookieNames } from '../login-cookies.ts'
import { succeed } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'
import { openSession } from '../session-cookie.ts'
import { expireSession, sessionNames } from '../issue-session.ts'
import { removePlanted } from '../planted-cookies.ts'

/**
 * Signs the user out. It always succeeds: cookies go whatever the authorization server says, whether
 * or not the refresh coordinator works, and whether or not there were any. It waits for a refresh under
 * way and for the revocation, each for the authorization server's timeout at most.
 */
export async function logout(
  context: AgentContext,
  { cookies, repeated, domains }: AgentInput,
): Promise<OperationDecision<'logout'>> {
  const { prefix } = context.configuration.cookies
  const value = cookies.get(cookieName(prefix, 'session'))
  const session = await openSession(context.sealer, value)
  const foreign = value !== undefined && session === undefined ? sessionNames(prefix) : []
  const [logoutUrl] = await Promise.all([
    findLogoutUrl(context, session?.idToken),
    session?.refreshToken === undefined ? undefined : endSession(context, session.refreshToken),
  ])
  return succeed(logoutUrl === undefined ? {} : { logoutUrl }, [
    ...expireSession(context.configuration),
    ...loginCookieNames(prefix, cookies).map(expiredCookie),
    ...removePlanted(context.configuration, [...repeated, ...foreign], domains),
  ])
}

async function findLogoutUrl(
  context: AgentContext,
  idToken: string | undefined,
): Promise<string | undefined> {
  const found = await context.authorizationServer.endSessionUrl(idToken)
  if (found.ok) return found.value
  warn(context, found.failure, 'logout: the session at the authorization server goes on')
  return undefined
}

async function endSession(context: AgentContext, refreshToken: string): Promise<void> {
  const latest = await findLatest(context, refreshToken)
  const revoked = await context.authorizationServer.revoke(latest)
  if (!revoked.ok) warn(context, revoked.failure, 'logout: the refresh token is not revoked')
}

/** Without its coordinator, at least the token at hand is revoked; many servers end its whole grant. */
async function findLatest(context: AgentContext, refreshToken: string): Promise<string> {
  try {
    return await context.refreshCoordinator.end(refreshToken)
  } catch (cause) {
    const failure = { details: 'The refresh coordinator failed.', cause }
    warn(context, failure, 'logout: later refresh tokens of this session may go on')
    return refreshToken
  }
}

function warn(
  { log }: AgentContext,
  failure: { readonly details: string; readonly cause: unknown },
  message: string,
): void {
  log.warn({ details: failure.details, causes: describeError(failure.cause) }, message)
}
