// `POST /login/start`: where to send the browser for signing in.
import type { Configuration } from '../../configuration/schema.ts'
import { requestsIdToken } from '../../configuration/signing-keys.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import { describeParameter } from '../../http/describe-parameter.ts'
import { issueLoginCookies } from '../login-cookies.ts'
import { agentFailure, fail, succeed, translateFailure } from '../agent-decision.ts'
import type { OperationDecision } from '../agent-decision.ts'

/** Starts a login; the form holds extra parameters for the authorization request. */
export async function startLogin(
  context: AgentContext,
  { cookies, parameters }: AgentInput,
): Promise<OperationDecision<'startLogin'>> {
  const problem = findProblem(parameters, context.configuration.client)
  if (problem !== undefined) return fail(agentFailure('invalid_request', problem))

  const started = await context.authorizationServer.startAuthorization(parameters)
  if (!started.ok) return fail(translateFailure(started.failure))

  const { url, transaction } = started.value
  const result = { authorizationUrl: url, state: transaction.state }
  return succeed(result, await issueLoginCookies(context, cookies, transaction))
}

function findProblem(
  parameters: URLSearchParams,
  client: Configuration['client'],
): string | undefined {
  for (const name of parameters.keys()) {
    if (!client.authorizationParameters.includes(name)) {
      return `${describeParameter(name)} is not in client.authorizationParameters.`
    }
  }
  const maxAge = parameters.get('max_age')
  if (maxAge !== null && !/^\d{1,9}$/.test(maxAge)) {
    return 'The parameter "max_age" must be a number of seconds.'
  }
  // Only an ID token says when the user signed in; without one, every such login would fail in the end.
  if (maxAge !== null && !requestsIdToken(client)) {
    return 'The parameter "max_age" needs the scope openid, which is not in client.scope.'
  }
  return undefined
}
