// The five operations on a mock's state: (state, parameters) → (state, reply), without HTTP.
import {
  agentErrorStatus,
  recognizeAuthorizationResponse,
  tokenHandler1Server,
} from '@token-handler/contract'
import type {
  AgentErrorCode,
  Operation,
  OperationResults,
  SessionResult,
} from '@token-handler/contract'
import { authorizationUrl, logoutUrl, MOCK_ISSUER } from './authorization-server.ts'
import { clearCookies, findLogin, forgetLogin, signIn, signOut, startLogin } from './mock-state.ts'
import type { MockSession, MockState, PendingLogin } from './mock-state.ts'
import type { MockUser, MockUsers } from './users.ts'

/** An answer of agent or proxy, before it becomes HTTP. */
export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** What the operations need to know besides the state. */
export interface OperationContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly accessTokenLifetime: number
  readonly redirectUri: string
  /** Extra authorization parameters that the SPA may send. */
  readonly allowedParameters: readonly string[]
}

/** What an operation leaves behind. */
export interface Outcome<U extends MockUsers> {
  readonly state: MockState<U>
  readonly reply: Reply
}

/** An error of agent or proxy. A mock always explains itself: it only ever runs on a developer's machine. */
export function errorReply(status: number, code: string, details: string): Reply {
  return { status, body: tokenHandler1Server.encodeError({ code, details }) }
}

/** An error of the agent, with the status its code has. */
export function agentError(code: AgentErrorCode, details: string): Reply {
  return errorReply(agentErrorStatus[code], code, details)
}

function success<O extends Operation>(operation: O, result: OperationResults[O]): Reply {
  return { status: 200, body: tokenHandler1Server.encodeResult(operation, result) }
}

function sessionResult<U extends MockUsers>(
  session: MockSession<U> | undefined,
  now: number,
): SessionResult {
  if (session === undefined) return { isLoggedIn: false }
  const accessTokenExpiresIn = Math.max(0, Math.floor((session.accessTokenExpiresAt - now) / 1000))
  return { isLoggedIn: true, claims: session.claims, accessTokenExpiresIn }
}

function begin<U extends MockUsers>(
  state: MockState<U>,
  parameters: URLSearchParams,
  { redirectUri, allowedParameters }: OperationContext,
): Outcome<U> {
  const foreign = [...parameters.keys()].find((name) => !allowedParameters.includes(name))
  if (foreign !== undefined) {
    const details = `parameter "${foreign}" is not on the allow-list (allowedParameters of the mock)`
    return { state, reply: agentError('invalid_request', details) }
  }
  const started = startLogin(state)
  const url = authorizationUrl({ state: started.login.state, redirectUri, parameters })
  return { state: started.state, reply: success('startLogin', { authorizationUrl: url }) }
}

/** A callback whose code is good. */
interface GrantedCallback<U extends MockUsers> {
  readonly kind: 'granted'
  readonly user: MockUser<U>
}

/** A callback that signs nobody in. */
interface RefusedCallback {
  readonly kind: 'refused'
  readonly reply: Reply
}

const refused = (reply: Reply): RefusedCallback => ({ kind: 'refused', reply })

function readCallback<U extends MockUsers>(
  { grant }: PendingLogin<U>,
  parameters: URLSearchParams,
): GrantedCallback<U> | RefusedCallback {
  const kind = recognizeAuthorizationResponse(parameters)
  if (kind === undefined || parameters.get('iss') !== MOCK_ISSUER) {
    const details = `iss=${MOCK_ISSUER} and code or error are needed: send the callback's query whole`
    return refused(agentError('invalid_request', details))
  }
  if (kind === 'error') {
    const code = parameters.get('error') ?? ''
    const status = code === 'login_required' ? 401 : 400
    return refused(errorReply(status, code, 'relayed from the authorization server'))
  }
  if (grant === undefined || grant.code !== parameters.get('code')) {
    return refused(agentError('authorization_error', 'that code was not issued for this login'))
  }
  return { kind: 'granted', user: grant }
}

function end<U extends MockUsers>(
  state: MockState<U>,
  parameters: URLSearchParams,
  { now, accessTokenLifetime }: OperationContext,
): Outcome<U> {
  const login = findLogin(state, parameters.get('state'))
  if (login === undefined) {
    const details = 'no login of this browser has that state, or it was ended already'
    return { state, reply: agentError('invalid_request', details) }
  }
  const ended = forgetLogin(state, login)
  const callback = readCallback(login, parameters)
  if (callback.kind === 'refused') return { state: ended, reply: callback.reply }
  const signedIn = signIn(ended, callback.user, now + accessTokenLifetime * 1000)
  return { state: signedIn, reply: success('endLogin', sessionResult(signedIn.session, now)) }
}

function refresh<U extends MockUsers>(
  state: MockState<U>,
  parameters: URLSearchParams,
  { now, accessTokenLifetime }: OperationContext,
): Outcome<U> {
  if (parameters.size > 0) {
    return {
      state,
      reply: agentError('invalid_request', 'no refresh parameter is on the allow-list'),
    }
  }
  if (state.session === undefined || !state.session.refreshable) {
    const reply = agentError('session_expired', 'there is no session that can be refreshed')
    return { state: signOut(state), reply }
  }
  return {
    state: signIn(state, state.session, now + accessTokenLifetime * 1000),
    reply: success('refresh', { accessTokenExpiresIn: accessTokenLifetime }),
  }
}

type Run = <U extends MockUsers>(
  state: MockState<U>,
  parameters: URLSearchParams,
  context: OperationContext,
) => Outcome<U>

/** Runs each operation. The reply says what the agent answers, the state what the cookies then hold. */
export const runOperation: Readonly<Record<Operation, Run>> = {
  session: (state, _parameters, { now }) => ({
    state,
    reply: success('session', sessionResult(state.session, now)),
  }),
  startLogin: begin,
  endLogin: end,
  refresh,
  logout: (state, _parameters, { redirectUri }) => ({
    state: clearCookies(state),
    reply: success('logout', { logoutUrl: logoutUrl(redirectUri) }),
  }),
}
