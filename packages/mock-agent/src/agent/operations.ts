// The five operations: (state, cookies, parameters) → (state, cookie changes, reply), without HTTP.
import type { Operation } from '@token-handler/contract'
import { revokeGrant } from '../authorization-server/state.ts'
import { authorizationUrl, logoutUrl } from '../authorization-server/urls.ts'
import type { OperationContext, OperationInput, OperationOutcome, Run } from './context.ts'
import type { CookieChange } from './cookies.ts'
import { describeSession } from './describe-session.ts'
import { endLogin } from './end-login.ts'
import { refresh } from './refresh.ts'
import { agentError, success } from './reply.ts'
import type { MockUsers } from '../users.ts'

/** As many logins as the agent keeps side by side; the oldest makes room for one more. */
const MAX_LOGINS = 5

function session<U extends MockUsers>(
  { state, cookies }: OperationInput<U>,
  { now }: OperationContext,
): OperationOutcome<U> {
  const result = describeSession(state, cookies.session, now)
  return { state, changes: [], reply: success('session', result) }
}

function startLogin<U extends MockUsers>(
  { state, cookies, parameters }: OperationInput<U>,
  context: OperationContext,
): OperationOutcome<U> {
  const { allowedParameters, issuer, now } = context
  const foreign = [...parameters.keys()].find((name) => !allowedParameters.includes(name))
  if (foreign !== undefined) {
    const details = `parameter "${foreign}" is not on the allow-list (allowedParameters of the mock)`
    return { state, changes: [], reply: agentError('invalid_request', details) }
  }
  const startedLogins = state.startedLogins + 1
  const login = { state: `mock-state-${startedLogins}`, startedAt: now }
  const surplus = Math.max(0, cookies.logins.length - (MAX_LOGINS - 1))
  const evicted = cookies.logins
    .slice(0, surplus)
    .map(({ state: name }): CookieChange<U> => ({ kind: 'login-ends', state: name }))
  const url = authorizationUrl(issuer, { ...context, state: login.state, parameters })
  return {
    state: { ...state, startedLogins },
    changes: [...evicted, { kind: 'login-begins', login }],
    reply: success('startLogin', { authorizationUrl: url, state: login.state }),
  }
}

/** Ends the session everywhere: here, and at the authorization server as if the browser had gone there. */
function logout<U extends MockUsers>(
  { state, cookies, parameters }: OperationInput<U>,
  { issuer, redirectUri }: OperationContext,
): OperationOutcome<U> {
  const grant = cookies.session?.accessToken.grant
  const { authorizationServer } = state
  const ended =
    grant === undefined
      ? state
      : {
          ...state,
          authorizationServer: revokeGrant(authorizationServer, grant),
          lastSignedIn: undefined,
        }
  return {
    state: ended,
    changes: [{ kind: 'everything-ends' }],
    reply: success('logout', { logoutUrl: logoutUrl(issuer, redirectUri, parameters) }),
  }
}

/** Runs each operation. */
export const runOperation: Readonly<Record<Operation, Run>> = {
  session,
  startLogin,
  endLogin,
  refresh,
  logout,
}
