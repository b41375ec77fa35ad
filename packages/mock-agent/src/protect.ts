// The OAuth Proxy of a mock, and the APIs behind it.
import { DEFAULT_COOKIE_PREFIX, proxyErrorStatus } from '@token-handler/contract'
import type { ProxyErrorCode } from '@token-handler/contract'
import type { Cookies } from './agent/cookies.ts'
import { csrfTokenOf } from './agent/csrf-token.ts'
import type { ErrorReply } from './agent/reply.ts'
import { satisfies } from './authorization-server/authorize.ts'
import { findGrant, timeLeft } from './authorization-server/state.ts'
import type {
  AccessToken,
  Authentication,
  AuthorizationServer,
} from './authorization-server/state.ts'
import { forOneUser } from './http/for-one-user.ts'
import { distrust } from './http/request-guards.ts'
import { errorResponse } from './http/to-response.ts'
import type { Settings } from './options.ts'
import type { MockUsers, UserName } from './users.ts'

/** A request that reached an API, and whose access token it came with. */
export interface ApiCall<U extends MockUsers> extends Authentication<U> {
  /** As the API gets it: with a bearer token, without the agent's cookies. */
  readonly request: Request
}

/** Plays an API: answers requests of signed-in users. */
export type ApiResolver<U extends MockUsers> = (call: ApiCall<U>) => Response | Promise<Response>

/** What an API asks for beyond a good access token. */
export interface ApiRequirements<U extends MockUsers> {
  /** Authentication contexts that will do; others are told to step up. */
  readonly acrValues?: readonly string[]
  /** Seconds since the user signed in, at most; others are told to step up. */
  readonly maxAge?: number
  /** Who may call; others get 403 `insufficient_scope`. */
  readonly users?: readonly UserName<U>[]
}

/** An API behind the mock's proxy. */
export interface ProtectedResource<U extends MockUsers> {
  readonly pattern: string
  readonly resolver: ApiResolver<U>
  readonly requirements: ApiRequirements<U>
}

/** What the proxy looks at. */
export interface ProxyContext<U extends MockUsers> {
  readonly settings: Pick<Settings, 'origin' | 'cookies' | 'profile'>
  readonly authorizationServer: AuthorizationServer<U>
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Those that come with the request. */
  readonly cookies: Cookies<U> | 'duplicate'
}

const proxyError = (
  code: ProxyErrorCode,
  details: string,
  headers: Readonly<Record<string, string>> = {},
): ErrorReply => ({
  kind: 'error',
  by: 'proxy',
  status: proxyErrorStatus[code],
  code,
  details,
  headers,
})

const unauthorized = (details: string, challenge: string): ErrorReply =>
  proxyError('unauthorized', details, { 'www-authenticate': challenge })

/** An API's own refusal, in the words of its challenge. */
function apiError(status: 401 | 403, code: string, demands: readonly string[]): ErrorReply {
  const challenge = `Bearer ${[`error="${code}"`, ...demands].join(', ')}`
  const details = 'a requirement of protect(url, resolver, requirements)'
  const headers = { 'www-authenticate': challenge }
  return { kind: 'error', by: 'proxy', status, code, details, headers }
}

/**
 * What the API itself has against a caller, or `undefined`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-3 RFC 9470 section 3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3.1 RFC 6750 section 3.1}
 */
function refusal<U extends MockUsers>(
  caller: Authentication<U>,
  { acrValues = [], maxAge, users }: ApiRequirements<U>,
  now: number,
): ErrorReply | undefined {
  if (!satisfies(caller, { acrValues, maxAge }, now)) {
    return apiError(401, 'insufficient_user_authentication', [
      ...(acrValues.length > 0 ? [`acr_values="${acrValues.join(' ')}"`] : []),
      ...(maxAge === undefined ? [] : [`max_age="${maxAge}"`]),
    ])
  }
  return users === undefined || users.includes(caller.user)
    ? undefined
    : apiError(403, 'insufficient_scope', [])
}

/** Methods that a route lets through. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What some servers read as another path. */
const HOSTILE_PATH = /%2f|%5c|%25|%00|\/\//i

/** Headers in which only a proxy may speak; some servers cannot tell `_` from `-`. */
const PROXY_HEADER =
  /^(forwarded|proxy[-_].*|x[-_]forwarded[-_].*|x-real-ip|true-client-ip|client-cert|x-(original|rewrite)-url|x-(http-)?method-override)$/

/** The request as the proxy sends it on. */
function upstreamRequest(request: Request, { number }: AccessToken): Request {
  const headers = new Headers([...request.headers].filter(([name]) => !PROXY_HEADER.test(name)))
  headers.set('authorization', `Bearer mock-access-token-${number}`)
  const others = (headers.get('cookie') ?? '')
    .split('; ')
    .filter((pair) => pair !== '' && !pair.startsWith(`${DEFAULT_COOKIE_PREFIX}-`))
  if (others.length > 0) headers.set('cookie', others.join('; '))
  else headers.delete('cookie')
  return new Request(request, { headers })
}

/**
 * Lets a request through to the resolver as the proxy does, or refuses it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 section 3}, for the challenges
 */
export async function forward<U extends MockUsers>(
  request: Request,
  { resolver, requirements }: ProtectedResource<U>,
  { settings, authorizationServer, now, cookies }: ProxyContext<U>,
): Promise<Response> {
  const refuse = (reply: ErrorReply): Response => errorResponse(settings.profile, reply)
  if (HOSTILE_PATH.test(new URL(request.url).pathname)) {
    return refuse(proxyError('invalid_request', 'servers read this path in different ways'))
  }
  if (!methods.includes(request.method)) {
    const headers = { allow: methods.join(', ') }
    return refuse(proxyError('method_not_allowed', `no route allows ${request.method}`, headers))
  }
  const token = cookies === 'duplicate' ? undefined : cookies.proxy
  const reason = distrust(request, 'api', settings, csrfTokenOf(token))
  if (reason !== undefined) return refuse(proxyError('untrusted_request', reason))
  if (token === undefined)
    return refuse(unauthorized('nobody is signed in', 'Bearer realm="token-handler"'))
  const grant = findGrant(authorizationServer, token.grant)
  if (grant === undefined || timeLeft(authorizationServer, token, now) === 0) {
    return refuse(unauthorized('the access token has expired', 'Bearer error="invalid_token"'))
  }
  const { user, claims, authenticatedAt, acr } = grant
  const caller = { user, claims, authenticatedAt, ...(acr !== undefined && { acr }) }
  const refused = refusal(caller, requirements, now)
  if (refused !== undefined) return refuse(refused)
  return forOneUser(await resolver({ ...caller, request: upstreamRequest(request, token) }))
}

/**
 * Tells whether a URL belongs to a protected resource. The query does not matter.
 *
 * @param url - absolute
 * @param pattern - absolute; a final `*` stands for anything
 */
export function matches(url: string, pattern: string): boolean {
  const { origin, pathname } = new URL(url)
  const resource = origin + pathname
  return pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern
}
