// `POST /refresh`: new tokens for a session.
import { cookieName } from '@token-handler/contract'
import type { AgentContext, AgentInput } from '../context.ts'
import { describeParameter } from '../../http/describe-parameter.ts'
import { agentFailure, fail, succeed } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'
import { offerBinding, requireProof } from '../device-binding/when-on.ts'
import { ENDED_ELSEWHERE, hasBeenEnded } from '../refuse-ended.ts'
import { retireCookies } from '../retire-cookies.ts'
import { renewInTime } from '../renew-in-time.ts'
import { describeExpiry, hasEnded, openCurrentSession } from '../session-cookie.ts'
import type { SessionContent } from '../session-cookie.ts'
import { renew, sessionExpired } from '../renew-session.ts'

/**
 * Refreshes the session, unless its access token is new: then the caller is a latecomer whose
 * browser has the new cookies already. Only the certain end of the session removes cookies.
 */
export async function refresh(
  context: AgentContext,
  input: AgentInput,
): Promise<OperationDecision<'refresh'>> {
  const { cookies, parameters } = input
  const [unknown] = parameters.keys()
  if (unknown !== undefined) {
    const details = `${describeParameter(unknown)} is not accepted: a refresh takes none.`
    return fail(agentFailure('invalid_request', details))
  }

  const { prefix } = context.configuration.cookies
  if (!cookies.has(cookieName(prefix, 'session'))) {
    return sessionExpired(context, 'There is no session cookie.')
  }
  const session = await openCurrentSession(context, cookies)
  if (session === undefined) {
    return sessionExpired(
      context,
      'The session cookie is not readable: was it sealed with a secret that is not in cookies.secrets?',
    )
  }
  if (hasEnded(session, context.now())) {
    return sessionExpired(context, 'The session has reached its end.')
  }
  if (await hasBeenEnded(context, session)) return sessionExpired(context, ENDED_ELSEWHERE)
  const standing = await requireProof(context, input, session)
  if (standing.kind === 'later') return standing.decision
  if (standing.kind === 'over') return sessionExpired(context, standing.details)
  const { refreshToken } = session
  if (refreshToken === undefined) {
    return sessionExpired(context, 'The authorization server issued no refresh token.')
  }
  if (
    isFresh(context, session) &&
    cookies.has(cookieName(context.configuration.cookies.prefix, 'proxy'))
  ) {
    return succeed(describeExpiry(session.accessTokenExpiresAt, context.now()))
  }

  const refreshable = { ...session, refreshToken }
  const result = await renewInTime(context, refreshable, () => renew(context, refreshable))
  if (result.kind === 'failure') return result
  if (result.kind === 'ended') return sessionExpired(context, 'The user has signed out.')
  const { cookies: renewed, failure, session: next } = result.renewal
  // Bound by an answer that this browser may still be waiting for: no other answer must overtake it.
  if (session.deviceKey === undefined && next.deviceKey !== undefined) {
    return succeed(describeExpiry(next.accessTokenExpiresAt, context.now()))
  }
  if (failure !== undefined) return fail(failure, renewed)
  await retireCookies(context, cookies, context.configuration.refresh.resultsKeptFor * 1000)
  const offer = await offerBinding(context, next, renewed)
  return succeed(describeExpiry(next.accessTokenExpiresAt, context.now()), renewed, offer)
}

/** Whether the access token was issued a moment ago and is not about to expire. */
function isFresh({ configuration, now }: AgentContext, session: SessionContent): boolean {
  const freshFor = configuration.refresh.freshFor * 1000
  const { issuedAt, accessTokenExpiresAt = Infinity } = session
  return now() - issuedAt < freshFor && accessTokenExpiresAt - now() > freshFor
}
