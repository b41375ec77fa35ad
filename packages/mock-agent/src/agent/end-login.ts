// `POST /login/end`: the authorization response becomes a session. Pure.
import { recognizeAuthorizationResponse } from '@token-handler/contract'
import { redeemCode } from '../authorization-server/codes.ts'
import { grantTokens } from '../authorization-server/state.ts'
import type { AuthorizationServer } from '../authorization-server/state.ts'
import type { OperationContext, OperationInput, OperationOutcome } from './context.ts'
import type { CookieChange } from './cookies.ts'
import { describeSession } from './describe-session.ts'
import { agentError, errorReply, success } from './reply.ts'
import type { Reply } from './reply.ts'
import type { MockUsers } from '../users.ts'

/** Seconds that a user has for signing in. */
export const LOGIN_LIFETIME = 600

/**
 * The parameters of the response, out of the signed response where there has to be one. Without a value
 * a parameter counts as absent.
 */
function openResponse(
  { responses }: Pick<AuthorizationServer<never>, 'responses'>,
  sent: URLSearchParams,
  { responseMode }: OperationContext,
): URLSearchParams | undefined {
  const parameters = new URLSearchParams([...sent].filter(([, value]) => value !== ''))
  const kind = recognizeAuthorizationResponse(parameters)
  if (responseMode === 'query') return parameters.has('response') ? undefined : parameters
  const found = responses.find(({ response }) => response === parameters.get('response'))
  return kind === 'jarm' && found !== undefined ? new URLSearchParams(found.query) : undefined
}

/** Why a response leads to no session, checked in the order the agent does; `undefined` when it has a code. */
function refusal(response: URLSearchParams, { issuer }: OperationContext): Reply | undefined {
  const kind = recognizeAuthorizationResponse(response)
  if (kind === undefined || response.get('iss') !== issuer) {
    const details = `iss=${issuer} and code or error are needed: send the callback's query whole`
    return agentError('invalid_request', details)
  }
  if (kind !== 'error') return undefined
  const code = response.get('error') ?? ''
  const status = code === 'login_required' ? 401 : 400
  return errorReply(status, code, 'relayed from the authorization server')
}

/** Ends a login. Its cookie goes, whatever comes of it; without one nothing changes. */
export function endLogin<U extends MockUsers>(
  { state, cookies, parameters }: OperationInput<U>,
  context: OperationContext,
): OperationOutcome<U> {
  const { now } = context
  const refuse = (reply: Reply, changes: readonly CookieChange<U>[] = []): OperationOutcome<U> => ({
    state,
    changes,
    reply,
  })

  const response = openResponse(state.authorizationServer, parameters, context)
  if (response === undefined) {
    const details = `this is no authorization response in the mode "${context.responseMode}"`
    return refuse(agentError('invalid_request', details))
  }
  const login = cookies.logins.find((candidate) => candidate.state === response.get('state'))
  if (login === undefined || now - login.startedAt > LOGIN_LIFETIME * 1000) {
    const details = 'no login of this browser has that state, or it was ended already'
    return refuse(agentError('invalid_request', details))
  }
  const ended: CookieChange<U> = { kind: 'login-ends', state: login.state }
  const refused = refusal(response, context)
  if (refused !== undefined) return refuse(refused, [ended])

  const redeemed = redeemCode(state.authorizationServer, response.get('code'), login.state)
  const { authentication } = redeemed
  if (authentication === undefined) {
    const reply = agentError('authorization_error', 'that code was not issued for this login')
    return { state: { ...state, authorizationServer: redeemed.server }, changes: [ended], reply }
  }
  const { server, tokens } = grantTokens(redeemed.server, authentication, context)
  const { user, claims } = authentication
  const session = { user, claims, ...tokens }
  const signedIn = { ...state, authorizationServer: server, lastSignedIn: authentication }
  return {
    state: signedIn,
    changes: [{ kind: 'session-begins', session }, ended],
    reply: success('endLogin', describeSession(signedIn, session, now)),
  }
}
