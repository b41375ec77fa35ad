// `POST /refresh`: new tokens for a session.
import { cookieName } from '@token-handler/contract'
import type { AgentContext, AgentInput } from '../context.ts'
import type { AuthorizationServerFailure } from '../../oauth-client/classify-failure.ts'
import { describeParameter } from '../../http/describe-parameter.ts'
import { agentFailure, fail, succeed, translateFailure } from '../agent-decision.ts'
import type { FailedDecision, OperationDecision } from '../agent-decision.ts'
import type { RefreshableSession, RenewalResult } from '../refresh-coordinator.ts'
import { ENDED_ELSEWHERE, hasBeenEnded, refuseEnded } from '../refuse-ended.ts'
import { retireCookies } from '../retire-cookies.ts'
import { renewInTime } from '../renew-in-time.ts'
import { describeExpiry, hasEnded, openSession } from '../session-cookie.ts'
import type { SessionContent } from '../session-cookie.ts'
import { expireSession, issueSession } from '../issue-session.ts'

/**
 * Refreshes the session, unless its access token is new: then the caller is a latecomer whose
 * browser has the new cookies already. Only the certain end of the session removes cookies.
 */
export async function refresh(
  context: AgentContext,
  { cookies, parameters }: AgentInput,
): Promise<OperationDecision<'refresh'>> {
  const [unknown] = parameters.keys()
  if (unknown !== undefined) {
    const details = `${describeParameter(unknown)} is not accepted: a refresh takes none.`
    return fail(agentFailure('invalid_request', details))
  }

  const { prefix } = context.configuration.cookies
  const session = await openSession(context.sealer, cookies.get(cookieName(prefix, 'session')))
  if (session === undefined) {
    return sessionExpired(context, 'There is no session cookie, or it is not readable.')
  }
  if (hasEnded(session, context.now())) {
    return sessionExpired(context, 'The session has reached its end.')
  }
  if (await hasBeenEnded(context, session)) return sessionExpired(context, ENDED_ELSEWHERE)
  const { refreshToken } = session
  if (refreshToken === undefined) {
    return sessionExpired(context, 'The authorization server issued no refresh token.')
  }
  if (isFresh(context, session) && cookies.has(cookieName(prefix, 'proxy'))) {
    return succeed(describeExpiry(session.accessTokenExpiresAt, context.now()))
  }

  const refreshable = { ...session, refreshToken }
  const result = await renewInTime(context, refreshable, () => renew(context, refreshable))
  if (result.kind === 'failure') return result
  if (result.kind === 'ended') return sessionExpired(context, 'The user has signed out.')
  const { renewal } = result
  await retireCookies(context, cookies, context.configuration.refresh.resultsKeptFor * 1000)
  return succeed(
    describeExpiry(renewal.session.accessTokenExpiresAt, context.now()),
    renewal.cookies,
  )
}

/** Whether the access token was issued a moment ago and is not about to expire. */
function isFresh({ configuration, now }: AgentContext, session: SessionContent): boolean {
  const freshFor = configuration.refresh.freshFor * 1000
  const { issuedAt, accessTokenExpiresAt = Infinity } = session
  return now() - issuedAt < freshFor && accessTokenExpiresAt - now() > freshFor
}

async function renew(context: AgentContext, session: RefreshableSession): Promise<RenewalResult> {
  const refusal = await refuseEnded(context, session)
  if (refusal !== undefined) return refusal
  const subject = session.claims?.['sub']
  const refreshed = await context.authorizationServer.refresh(session.refreshToken, subject)
  if (!refreshed.ok) {
    const { failure } = refreshed
    return endsSession(context, failure)
      ? sessionExpired(context, failure.details, failure.cause)
      : fail(translateFailure(failure))
  }
  const issued = await issueSession(context, refreshed.value, session)
  if (issued.kind === 'failure') return issued
  const { refreshToken = session.refreshToken } = issued.session
  const renewal = { session: { ...issued.session, refreshToken }, cookies: issued.cookies }
  return { kind: 'renewed', renewal }
}

/** The refresh token is gone, or the authorization server wants to see the user: both lead to a new sign-in. */
const endingErrors = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
])

/** These are about the client, not about the session. */
const clientErrors = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type'])

/** What a refusal means for the session; see also `refresh.endsOn`. */
function endsSession(
  { configuration }: AgentContext,
  failure: AuthorizationServerFailure,
): boolean {
  if (failure.kind !== 'refused') return false
  const { error = '' } = failure
  if (endingErrors.has(error)) return true
  return configuration.refresh.endsOn === 'refusal' && !clientErrors.has(error)
}

function sessionExpired(context: AgentContext, details: string, cause?: unknown): FailedDecision {
  return fail(agentFailure('session_expired', details, cause), expireSession(context.configuration))
}
