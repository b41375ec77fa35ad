// Renewing a session at the authorization server: new tokens, the end of the session, or what could be saved of an answer.
import type { AuthorizationServerFailure } from '../oauth-client/classify-failure.ts'
import { errorMeanings } from '../oauth-client/error-meanings.ts'
import type { TokenSet } from '../oauth-client/tokens.ts'
import { agentFailure, fail, translateFailure } from './agent-decision.ts'
import type { AgentFailure, FailedDecision } from './agent-decision.ts'
import type { AgentContext } from './context.ts'
import { expireSession, issueSession, issueSessionCookie } from './issue-session.ts'
import { refuseEnded } from './refuse-ended.ts'
import type { OverdueRenewal, RefreshableSession, RenewalResult } from './refresh-coordinator.ts'

/**
 * Uses the session's refresh token. A new refresh token that was received is kept, whatever else is wrong with the
 * answer: with rotation, the old one is used up. An answer that does not come within `authorizationServer.timeout` is
 * a failure for whoever waits, and is taken all the same when it comes.
 */
export async function renew(
  context: AgentContext,
  session: RefreshableSession,
): Promise<RenewalResult | OverdueRenewal> {
  const later = renewAtLast(context, session)
  const { timeout } = context.configuration.authorizationServer
  let cancel = (): void => undefined
  const deadline = new Promise<OverdueRenewal>((resolve) => {
    cancel = context.schedule(timeout * 1000, () => {
      const details = 'The authorization server did not answer in time.'
      const failure = agentFailure('authorization_server_error', details)
      resolve({ ...fail(failure), later: later.catch(unexpected) })
    })
  })
  try {
    return await Promise.race([later, deadline])
  } finally {
    cancel()
  }
}

const unexpected = (cause: unknown): FailedDecision =>
  fail(agentFailure('server_error', 'Unexpected; see the log.', cause))

async function renewAtLast(
  context: AgentContext,
  session: RefreshableSession,
): Promise<RenewalResult> {
  const refusal = await refuseEnded(context, session)
  if (refusal !== undefined) return refusal
  const subject = session.claims?.['sub']
  const { dpopKey, refreshToken } = session
  const refreshed = await context.authorizationServer.refresh(refreshToken, subject, dpopKey)
  if (!refreshed.ok) {
    const { failure } = refreshed
    return endsSession(context, failure)
      ? sessionExpired(context, failure.details, failure.cause)
      : fail(translateFailure(failure))
  }
  if (refreshed.value.kind === 'unusable') {
    const { failure, refreshToken: next } = refreshed.value
    const kept = { ...session, refreshToken: next }
    return await keepRefreshToken(context, kept, translateFailure(failure))
  }
  return await issueRenewed(context, session, refreshed.value.tokens)
}

async function issueRenewed(
  context: AgentContext,
  session: RefreshableSession,
  tokens: TokenSet,
): Promise<RenewalResult> {
  if (tokens.unusableIdToken !== undefined) {
    const details = tokens.unusableIdToken
    context.log.warn({ details }, 'refresh: the ID token cannot be used; the claims stay')
  }
  const { refreshToken = session.refreshToken } = tokens
  const issued = await issueSession(context, tokens, session)
  if (issued.kind === 'issued') {
    const renewal = { session: { ...issued.session, refreshToken }, cookies: issued.cookies }
    return { kind: 'renewed', renewal }
  }
  return refreshToken === session.refreshToken
    ? issued
    : await keepRefreshToken(context, { ...session, refreshToken }, issued.failure)
}

/** The session as it was, with the refresh token that is good from now on. */
async function keepRefreshToken(
  context: AgentContext,
  session: RefreshableSession,
  failure: AgentFailure,
): Promise<RenewalResult> {
  const issued = await issueSessionCookie(context, session)
  if (issued.kind === 'failure') return issued
  return { kind: 'renewed', renewal: { session, cookies: issued.cookies, failure } }
}

/** What a refusal means for the session; see also `refresh.endsOn`. */
function endsSession(
  { configuration }: AgentContext,
  failure: AuthorizationServerFailure,
): boolean {
  if (failure.kind !== 'refused') return false
  const { meaning, about = 'request' } = errorMeanings.get(failure.error ?? '') ?? {}
  if (meaning === 'session over' || meaning === 'sign in again') return true
  // A mistake about the client is one for every session, and ends none.
  return configuration.refresh.endsOn === 'refusal' && about === 'request'
}

/** The decision that there is no session any more: its cookies go. */
export function sessionExpired(
  context: AgentContext,
  details: string,
  cause?: unknown,
): FailedDecision {
  return fail(agentFailure('session_expired', details, cause), expireSession(context.configuration))
}
