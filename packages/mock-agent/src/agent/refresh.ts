// `POST /refresh`: new tokens for a session. Pure.
import { exchangeRefreshToken } from '../authorization-server/refresh-tokens.ts'
import { findGrant } from '../authorization-server/state.ts'
import type { OperationContext, OperationInput, OperationOutcome } from './context.ts'
import type { SessionCookie } from './cookies.ts'
import { agentError, success } from './reply.ts'
import type { KeptRenewal, ServerState } from './server-state.ts'
import type { MockUsers } from '../users.ts'

/** The kept result of an earlier refresh with the same refresh token, unless the session has ended since. */
function findKeptRenewal<U extends MockUsers>(
  { authorizationServer, renewals }: ServerState<U>,
  { refreshToken, accessToken }: SessionCookie<U>,
  now: number,
): KeptRenewal<U> | undefined {
  if (findGrant(authorizationServer, accessToken.grant)?.isRevoked !== false) return undefined
  return renewals.find((kept) => kept.refreshToken === refreshToken && kept.keptUntil > now)
}

/** Refreshes the session; a latecomer with the refresh token just used gets the same result. */
export function refresh<U extends MockUsers>(
  { state, cookies: { session }, parameters }: OperationInput<U>,
  context: OperationContext,
): OperationOutcome<U> {
  const { now, refreshResultsKeptFor } = context
  const renewed = (next: ServerState<U>, renewal: SessionCookie<U>): OperationOutcome<U> => {
    const accessTokenExpiresIn = Math.floor((renewal.accessToken.expiresAt - now) / 1000)
    const reply = success('refresh', { accessTokenExpiresIn })
    return { state: next, changes: [{ kind: 'session-begins', session: renewal }], reply }
  }
  const expired = (next: ServerState<U>, details: string): OperationOutcome<U> => ({
    state: next,
    changes: [{ kind: 'session-ends' }],
    reply: agentError('session_expired', details),
  })

  if (parameters.size > 0) {
    const reply = agentError('invalid_request', 'no refresh parameter is on the allow-list')
    return { state, changes: [], reply }
  }
  if (session === undefined) return expired(state, 'there is no session cookie')
  const kept = findKeptRenewal(state, session, now)
  if (kept !== undefined) return renewed(state, kept.session)

  const { user, claims, accessToken, refreshToken } = session
  const { server, tokens } = exchangeRefreshToken(
    state.authorizationServer,
    accessToken.grant,
    refreshToken,
    context,
  )
  const exchanged = { ...state, authorizationServer: server }
  if (tokens === undefined) return expired(exchanged, 'the refresh token is no longer good')
  const renewal = { user, claims, ...tokens }
  // A refresh token that stays the same is not used up, so there are no latecomers.
  if (tokens.refreshToken === refreshToken) return renewed(exchanged, renewal)
  const keptUntil = now + refreshResultsKeptFor * 1000
  const renewals = [...state.renewals, { refreshToken, session: renewal, keptUntil }]
  return renewed({ ...exchanged, renewals }, renewal)
}
