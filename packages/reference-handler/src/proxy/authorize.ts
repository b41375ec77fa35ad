// The OAuth Proxy: decides whether a request may go to an API, and with which access token.
import { cookieName, VERSION_HEADER } from '@token-handler/contract'
import type { ProxyErrorCode } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { parseCookies } from '../http/cookies.ts'
import { corsHeaders, preflightHeaders } from '../http/cors.ts'
import { checkOrigin } from '../http/origin-guard.ts'
import type { Ports } from '../ports.ts'
import { createConfiguredSealer } from '../sealing/configured-sealer.ts'
import { createProxyCookieReader } from '../sealing/proxy-cookie.ts'
import type { Forward, Preflight, ProxyDecision, Refusal } from './decision.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import type { ClientConnection, HeaderLines } from './headers.ts'
import { createRouter } from './routes.ts'
import type { Route } from './routes.ts'
import { readTarget } from './target.ts'

/** A request as it came over the wire. */
export interface ProxyRequest {
  readonly method: string
  /** The request target as raw text, before any URL parsing. */
  readonly target: string
  readonly headers: HeaderLines
  readonly connection: ClientConnection
}

/** The OAuth Proxy. It decides; forwarding belongs to the host. It never refreshes and never sets cookies. */
export interface OAuthProxy {
  /** Resolves with what to do about a request. Rejects only when keys cannot be derived. */
  readonly authorize: (request: ProxyRequest) => Promise<ProxyDecision>
  /** The headers of the answer to the client, made from those of the upstream. */
  readonly responseHeaders: (decision: Forward, upstream: HeaderLines) => HeaderLines
}

/** `undefined` when the request has no cookie of ours; `unusable` when it has one that helps nobody. */
type AccessTokenReading =
  | { readonly accessToken: string }
  | { readonly unusable: string }
  | undefined

/**
 * Creates the OAuth Proxy of a deployment.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 section 3}
 */
export function createOAuthProxy(
  configuration: Configuration,
  ports: Pick<Ports, 'now'>,
): OAuthProxy {
  const { cookies, routes, trustedOrigins } = configuration
  const findRoute = createRouter(routes)
  const readProxyCookie = createProxyCookieReader(createConfiguredSealer(configuration), ports.now)

  async function readAccessToken(cookieHeader: string | undefined): Promise<AccessTokenReading> {
    const ours = parseCookies(cookieHeader, cookies.prefix)
    if (ours === 'duplicate') return { unusable: 'A cookie name of ours occurs twice.' }
    const value = ours.get(cookieName(cookies.prefix, 'proxy'))
    if (value === undefined) return undefined
    const cookie = await readProxyCookie(value)
    if (cookie === undefined) return { unusable: 'The proxy cookie is not readable.' }
    if (cookie.expiresAt !== undefined && cookie.expiresAt <= ports.now()) {
      return { unusable: 'The access token has expired.' }
    }
    return { accessToken: cookie.accessToken }
  }

  async function authorize(request: ProxyRequest): Promise<ProxyDecision> {
    const { method } = request
    const header = indexHeaders(request.headers)
    const cors = corsHeaders(header('origin'), trustedOrigins)
    const refuse = (
      code: ProxyErrorCode,
      reason: string,
      headers: Readonly<Record<string, string>> = {},
    ): Refusal => ({ kind: 'refuse', code, reason, headers: { ...cors, ...headers } })

    const target = readTarget(request.target)
    if (target.kind === 'hostile') return refuse('invalid_request', target.reason)
    const match = findRoute(target.path, target.decodedPath)
    if (match === undefined) return refuse('not_found', 'No route has this path.')
    const { route } = match
    const host = header('host')
    if (host === undefined || host.includes(',')) {
      return refuse('invalid_request', 'The request must have one Host header.')
    }

    if (isPreflight(method, header)) return answerPreflight(route, header, trustedOrigins)
    if (!route.methods.includes(method)) {
      const reason = `The route ${route.path} does not allow ${method}.`
      return refuse('method_not_allowed', reason, { allow: route.methods.join(', ') })
    }
    const upgrade = header('upgrade') !== undefined
    const { eventSource } = route
    const trust = checkOrigin({ method, headers: header, trustedOrigins, eventSource, upgrade })
    if (trust !== 'trusted') return refuse('untrusted_request', trust.reason)
    if (upgrade) return refuse('invalid_request', 'Upgrades of the connection are not forwarded.')

    const reading = await readAccessToken(header('cookie'))
    if (reading === undefined) {
      return refuse('unauthorized', 'There is no proxy cookie.', { 'www-authenticate': 'Bearer' })
    }
    if ('unusable' in reading) {
      const challenge = 'Bearer error="invalid_token"'
      return refuse('unauthorized', reading.unusable, { 'www-authenticate': challenge })
    }

    return {
      kind: 'forward',
      origin: match.origin,
      path: match.path + target.query,
      headers: requestHeaders(request.headers, {
        accessToken: reading.accessToken,
        connection: request.connection,
        host,
      }),
      timeout: route.timeout,
      corsHeaders: cors,
    }
  }

  return {
    authorize,
    responseHeaders: (decision, upstream) =>
      responseHeaders(upstream, cookies.prefix, decision.corsHeaders),
  }
}

/** Looks headers up by lower-case name; lines of the same name are joined as RFC 9110 section 5.3 says. */
function indexHeaders(lines: HeaderLines): (name: string) => string | undefined {
  const values = new Map<string, string>()
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    const known = values.get(key)
    const separator = key === 'cookie' ? '; ' : ', '
    values.set(key, known === undefined ? value : known + separator + value)
  }
  return (name) => values.get(name)
}

/** @see {@link https://fetch.spec.whatwg.org/#cors-preflight-request Fetch, CORS-preflight request} */
function isPreflight(method: string, header: (name: string) => string | undefined): boolean {
  return (
    method === 'OPTIONS' &&
    header('origin') !== undefined &&
    header('access-control-request-method') !== undefined
  )
}

/** Allows a trusted page whatever headers it asks for: what each of them may say is the API's affair. */
function answerPreflight(
  { methods }: Route,
  header: (name: string) => string | undefined,
  trustedOrigins: readonly string[],
): Preflight {
  const asked = (header('access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name))
  const allowance = { methods, headers: [...new Set([VERSION_HEADER, ...asked])] }
  return {
    kind: 'preflight',
    headers: preflightHeaders(header('origin'), trustedOrigins, allowance),
  }
}
