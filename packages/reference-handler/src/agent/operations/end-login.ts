// `POST /login/end`: the authorization response becomes a session.
import { recognizeAuthorizationResponse } from '@token-handler/contract'
import type { AuthorizationResponseKind } from '@token-handler/contract'
import { readClaimedState } from '../../oauth-client/claimed-state.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { expiredCookie } from '../../http/cookies.ts'
import type { SetCookie } from '../../http/cookies.ts'
import type { AgentContext, AgentInput } from '../context.ts'
import { loginCookieName, openLogin } from '../login-cookies.ts'
import { agentFailure, fail, succeed, translateFailure } from '../agent-decision.ts'
import type { FailedDecision, OperationDecision } from '../agent-decision.ts'
import { offerBinding } from '../device-binding/when-on.ts'
import { describeSession } from '../session-cookie.ts'
import { issueSession } from '../issue-session.ts'

/**
 * Ends a login; the form holds the callback's query, whole. The state finds the login cookie, which
 * proves that this browser sent the request; that cookie is gone afterwards, whatever comes of it.
 * Without it nothing is touched: the response may belong to another user's login.
 */
export async function endLogin(
  context: AgentContext,
  { cookies, parameters }: AgentInput,
): Promise<OperationDecision<'endLogin'>> {
  const response = withoutEmpty(parameters)
  const kind = recognizeAuthorizationResponse(response)
  if (kind === undefined) {
    return refuse('This is no authorization response: it needs state, with code or error.')
  }
  const { prefix } = context.configuration.cookies
  const misfit = findMisfit(kind, response, context.configuration.client.responseMode)
  if (misfit !== undefined) return refuse(misfit)

  const name = await loginCookieName(prefix, stateOf(kind, response), context.hash)
  const value = cookies.get(name)
  if (value === undefined) {
    return refuse(
      'There is no login cookie for this state: the login began in another browser, took too long, has ended already, or the browser did not keep the cookie.',
    )
  }
  const cleared = [expiredCookie(name)]
  const transaction = await openLogin(context, value)
  if (transaction === undefined) {
    return refuse('The login cookie for this state is not readable or too old.', cleared)
  }

  const ended = await context.authorizationServer.endAuthorization(response, transaction)
  if (!ended.ok) return fail(translateFailure(ended.failure), cleared)

  if (ended.value.refreshToken === undefined) warnOfMissingRefreshToken(context)
  const issued = await issueSession(context, ended.value)
  if (issued.kind === 'failure') return fail(issued.failure, cleared)
  const result = describeSession(issued.session, context.now())
  const offer = await offerBinding(context, issued.session, issued.cookies)
  return succeed(result, [...issued.cookies, ...cleared], offer)
}

const warned = new WeakSet<Configuration>()

/**
 * Said once: without a refresh token sessions end with their first access token, although the scope asks for more.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OpenID Connect Core section 11}
 */
function warnOfMissingRefreshToken({ configuration, log }: AgentContext): void {
  if (!configuration.client.scope.split(' ').includes('offline_access')) return
  if (warned.has(configuration)) return
  warned.add(configuration)
  log.warn(
    {},
    'login: no refresh token came, although the scope has offline_access; many servers want prompt=consent with it, which client.extraParameters can send',
  )
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-3.1 RFC 6749 section 3.1}: no value is no parameter */
function withoutEmpty(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...parameters].filter(([, value]) => value !== ''))
}

/** Taking a plain response where signed ones were agreed upon would make the signature worthless. */
function findMisfit(
  kind: AuthorizationResponseKind,
  response: URLSearchParams,
  responseMode: Configuration['client']['responseMode'],
): string | undefined {
  const isSigned = kind === 'jarm'
  if (!isSigned && response.has('response')) {
    return 'This is a plain authorization response and a signed one (JARM) in one: only one of them can count.'
  }
  if (isSigned === (responseMode !== 'query')) return undefined
  return isSigned
    ? 'The authorization response is signed (JARM), and client.responseMode is query.'
    : `The authorization response is not signed, and client.responseMode is ${responseMode}.`
}

function stateOf(kind: AuthorizationResponseKind, response: URLSearchParams): string {
  return kind === 'jarm'
    ? readClaimedState(response.get('response') ?? '')
    : (response.get('state') ?? '')
}

function refuse(details: string, cookies: readonly SetCookie[] = []): FailedDecision {
  return fail(agentFailure('invalid_request', details), cookies)
}
