// The entry `./agent-node`: the open source OAuth Agents, as a mock speaks their wire.
import { JSON_CONTENT_TYPE, recognizeAuthorizationResponse } from '@token-handler/contract'
import type { Claims, Operation, OperationResults, SessionResult } from '@token-handler/contract'
import type {
  MockAnswer,
  MockCaller,
  MockDemand,
  MockEndpoint,
  MockError,
  MockProfile,
} from './wire/profile.ts'

/** Options of {@link agentNodeServer}. */
export interface AgentNodeServerOptions {
  /** The header that carries the CSRF token, the same that the SPA's client names. */
  readonly csrfHeader: string
}

const malformed = (details: string): MockDemand => ({ kind: 'malformed', details })

/** A member of a JSON body; `undefined` too when the body is not a JSON object. */
function member(body: string, name: string): unknown {
  try {
    const json: unknown = JSON.parse(body)
    if (typeof json !== 'object' || json === null) return undefined
    return Object.entries(json).find(([key]) => key === name)?.[1]
  } catch {
    return undefined
  }
}

/** A login's end is a page URL with an authorization response; any other asks for the session. */
function decodePageUrl(body: string): MockDemand {
  const pageUrl = member(body, 'pageUrl')
  if (typeof pageUrl !== 'string' || !URL.canParse(pageUrl)) {
    return malformed('the body has to be {"pageUrl": "<URL of the page>"}')
  }
  const { searchParams } = new URL(pageUrl)
  return recognizeAuthorizationResponse(searchParams) === undefined
    ? { kind: 'operation', operation: 'session', parameters: new URLSearchParams() }
    : { kind: 'operation', operation: 'endLogin', parameters: searchParams }
}

const isParameter = (value: unknown): value is { readonly key: string; readonly value: string } =>
  typeof value === 'object' &&
  value !== null &&
  'key' in value &&
  typeof value.key === 'string' &&
  'value' in value &&
  typeof value.value === 'string'

function decodeExtraParams(body: string): MockDemand {
  const extraParams = member(body, 'extraParams') ?? []
  if (!Array.isArray(extraParams) || !extraParams.every(isParameter)) {
    return malformed('extraParams have to be [{"key": "…", "value": "…"}]')
  }
  const parameters = new URLSearchParams(extraParams.map(({ key, value }) => [key, value]))
  return { kind: 'operation', operation: 'startLogin', parameters }
}

const operationAt = (
  operation: Operation,
  decode: MockEndpoint['decode'] = () => ({
    kind: 'operation',
    operation,
    parameters: new URLSearchParams(),
  }),
): MockEndpoint => ({ method: 'POST', operation, decode })

/** The agent decodes the ID token as Latin-1; that makes of UTF-8 what it makes here. */
function garble(claims: Claims): Claims {
  const bytes = new TextEncoder().encode(JSON.stringify(claims))
  return JSON.parse(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) as Claims
}

/** Whom they do not trust, agent and proxy answer with 401, each in its own words. */
function encodeError({ by, status, code, details: message }: MockError): MockAnswer {
  if (code !== 'untrusted_request') return { status, body: { code, message } }
  const ownCode = by === 'agent' ? 'unauthorized_request' : 'unauthorized'
  return { status: 401, body: { code: ownCode, message } }
}

const refuse = (code: string, details: string): MockAnswer =>
  encodeError({ by: 'agent', status: 401, code, details })

const questionAt = (answer: (caller: MockCaller) => MockAnswer): MockEndpoint => ({
  method: 'GET',
  operation: undefined,
  decode: () => ({
    kind: 'question',
    answer: (caller) =>
      caller ? answer(caller) : refuse('unauthorized_request', 'nobody is signed in'),
  }),
})

const answerClaims = ({ claims }: MockCaller): MockAnswer => ({ status: 200, body: garble(claims) })

const answerUserInfo = ({ claims, accessToken }: MockCaller): MockAnswer =>
  accessToken === 'expired'
    ? refuse('token_expired', 'the access token has expired')
    : { status: 200, body: claims }

const agentEndpoints: ReadonlyMap<string, MockEndpoint> = new Map([
  ['/login/start', operationAt('startLogin', decodeExtraParams)],
  ['/login/end', operationAt('endLogin', decodePageUrl)],
  ['/refresh', operationAt('refresh')],
  ['/logout', operationAt('logout')],
  ['/claims', questionAt(answerClaims)],
  ['/userInfo', questionAt(answerUserInfo)],
])

const encodeSession =
  (handled: boolean) =>
  ({ isLoggedIn }: SessionResult, csrf: string | undefined): MockAnswer => ({
    status: 200,
    body: { isLoggedIn, handled, csrf },
  })

const encoders: {
  readonly [O in Operation]: (result: OperationResults[O], csrf: string | undefined) => MockAnswer
} = {
  session: encodeSession(false),
  startLogin: ({ authorizationUrl }) => ({
    status: 200,
    body: { authorizationRequestUrl: authorizationUrl },
  }),
  endLogin: encodeSession(true),
  refresh: () => ({ status: 204 }),
  logout: ({ logoutUrl }) => ({ status: 200, body: { url: logoutUrl } }),
}

/** Whether a request has to carry the CSRF token. */
function isGuarded({ method }: Request, to: MockEndpoint | 'api'): boolean {
  if (to === 'api') return method !== 'GET' && method !== 'HEAD'
  return to.operation === 'refresh' || to.operation === 'logout'
}

/**
 * The profile of Curity's open source OAuth Agents, for the option `profile` of `createMockAgent`: JSON
 * bodies, a CSRF header, `POST login/end` with a plain page URL instead of a session endpoint,
 * `GET claims` and `GET userInfo` (both answer with the user's claims), a refresh that answers 204.
 * Cookies are those of the default profile, and every sign-in brings a new CSRF token.
 *
 * @example
 * ```ts
 * const profile = agentNodeServer({ csrfHeader: 'x-example-csrf' })
 * const agent = createMockAgent({ agentUrl: '/oauth-agent', users, profile })
 * ```
 */
export function agentNodeServer({ csrfHeader }: AgentNodeServerOptions): MockProfile {
  return {
    name: 'agent-node',
    contentType: JSON_CONTENT_TYPE,
    requestHeaders: [csrfHeader],
    endpointAt: (path) => agentEndpoints.get(path),
    distrust: (request, to, csrfToken) => {
      if (!isGuarded(request, to)) return undefined
      return csrfToken !== undefined && request.headers.get(csrfHeader) === csrfToken
        ? undefined
        : `the request needs the header ${csrfHeader}, with the CSRF token of the session`
    },
    encodeResult: (operation, result, csrfToken) => encoders[operation](result, csrfToken),
    encodeError,
  }
}
