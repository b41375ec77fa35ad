// The OAuth Proxy: decides whether a request may go to an API, and with which access token.
import type { ProxyErrorCode } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { corsHeaders, unservedPathPreflightHeaders } from '../http/cors.ts'
import { checkOrigin } from '../http/origin-guard.ts'
import { dpopKeysOf } from '../oauth-client/configured-dpop-keys.ts'
import { leftOut } from '../left-out.ts'
import { onDemand } from '../on-demand.ts'
import type { Ports } from '../ports.ts'
import { createAccessTokenReader } from './access-token.ts'
import { cookiesForUpstream } from './api-cookies.ts'
import type { Forward, ProxyDecision, Refusal, Tunnel } from './decision.ts'
import { readDecisiveHeaders } from './decisive-headers.ts'
import { requestHeaders, responseHeaders } from './headers.ts'
import type { ClientConnection, HeaderLines } from './headers.ts'
import { answerPreflight, isPreflight } from './preflight.ts'
import { createProofs, wantsNonce, withProof } from './proofs.ts'
import type { BoundToken, ProofAnswer } from './proofs.ts'
import { createPublicUrl } from './public-urls.ts'
import { createRouter } from './routes.ts'
import type { RouteMatch } from './routes.ts'
import { readTarget } from './target.ts'
import { asksForWebSocket } from './web-socket.ts'

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
  /** Whether a request is a handshake for a route with `webSocket`: only then a `tunnel` is possible. */
  readonly takesUpgrade: (request: ProxyRequest) => boolean
  /**
   * Resolves with the headers of a request that is sent again: an access token that is bound to a key needs a new
   * proof each time.
   *
   * @param answer - of the API, where the request is sent again because of it
   * @returns `undefined` for bearer tokens, and where the answer asks for no other proof
   */
  readonly proveAgain: (
    decision: Forward | Tunnel,
    answer?: ProofAnswer,
  ) => Promise<HeaderLines> | undefined
  /** The headers of the answer to the client, made from those of the upstream. */
  readonly responseHeaders: (decision: Forward | Tunnel, upstream: HeaderLines) => HeaderLines
}

/**
 * Where no cookie came, no error is named (RFC 6750 section 3.1), and there is a parameter all the same, as
 * section 3 has it.
 */
const CHALLENGE = 'Bearer realm="token-handler"'

const loadRouteTokens =
  typeof __TOKEN_HANDLER_EXCHANGE__ === 'undefined' || __TOKEN_HANDLER_EXCHANGE__
    ? () => import('./route-tokens.ts')
    : leftOut

const prove =
  typeof __TOKEN_HANDLER_DPOP__ === 'undefined' || __TOKEN_HANDLER_DPOP__ ? createProofs : leftOut

const INVALID_TOKEN = 'Bearer error="invalid_token"'

/** Milliseconds that a WebSocket stays open if the expiry of its access token is unknown. */
const MAX_TUNNEL_LIFETIME = 3_600_000

/**
 * Creates the OAuth Proxy of a deployment. The authorization server is asked only where
 * `introspection` is on, and for routes with `exchange`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-3 RFC 6750 section 3}
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createOAuthProxy, parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * const proxy = createOAuthProxy(configuration, ports)
 * const decision = await proxy.authorize({
 *   method: 'GET',
 *   target: '/api/orders',
 *   headers: ['host', 'api.example.com', 'token-handler-version', '1'],
 *   connection: { protocol: 'https' },
 * })
 * console.log(decision.kind)
 */
export function createOAuthProxy(configuration: Configuration, ports: Ports): OAuthProxy {
  const { cookies, routes, trustedOrigins } = configuration
  const findRoute = createRouter(routes)
  const dropsTrace = configuration.server.traceContext === 'drop'
  const publicUrl = createPublicUrl(routes)
  const cookiesByRoute = new Map(routes.map((route) => [route.path, route.cookies]))
  const readAccessToken = createAccessTokenReader(configuration, ports)
  const exchangeForRoute = onDemand(async () => {
    const { createRouteTokens } = await loadRouteTokens()
    return createRouteTokens(configuration, ports)
  })
  const dpopKeys = dpopKeysOf(configuration, ports)
  const proofs = dpopKeys && prove(dpopKeys)

  async function authorize(request: ProxyRequest): Promise<ProxyDecision> {
    const { method } = request
    const header = readDecisiveHeaders(request.headers)
    const cors = corsHeaders(header('origin'), trustedOrigins)
    const refuse = (
      code: ProxyErrorCode,
      reason: string,
      headers: Readonly<Record<string, string>> = {},
    ): Refusal => ({ kind: 'refuse', code, reason, headers: { ...cors, ...headers } })

    const target = readTarget(request.target)
    if (target.kind === 'hostile') {
      const headers = method === 'OPTIONS' && unservedPathPreflightHeaders(trustedOrigins, header)
      return headers ? { kind: 'preflight', headers } : refuse('invalid_request', target.reason)
    }
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
    const upgrade = asksForWebSocket(method, header)
    const { eventSource } = route
    const trust = checkOrigin({
      method,
      headers: header,
      trustedOrigins,
      eventSource,
      upgrade,
    })
    if (trust !== 'trusted') return refuse('untrusted_request', trust.reason)
    if (upgrade && !route.webSocket) {
      return refuse('invalid_request', `The route ${route.path} takes no WebSockets.`)
    }

    const remembered = readAccessToken(header('cookie'), route)
    const ofSession = 'kind' in remembered ? remembered : await remembered
    const reading =
      route.exchange === undefined || ofSession.kind !== 'usable'
        ? ofSession
        : await exchangeForRoute(ofSession, route.exchange, route.path)
    if (reading.kind === 'unavailable') {
      return refuse('temporarily_unavailable', reading.reason, { 'retry-after': '1' })
    }
    if (reading.kind === 'refused') return refuse('token_exchange_failed', reading.reason)
    const isAnonymous = reading.kind === 'missing' && route.session === 'optional'
    if (reading.kind !== 'usable' && !isAnonymous) {
      return refuse('unauthorized', reading.reason, {
        'www-authenticate': reading.kind === 'missing' ? CHALLENGE : INVALID_TOKEN,
      })
    }
    const token = reading.kind === 'usable' ? reading : undefined
    if (token && route.audience !== undefined && !token.audiences()?.includes(route.audience)) {
      const reason = `The access token is not for the audience of the route ${route.path}.`
      return refuse('unauthorized', reason, { 'www-authenticate': INVALID_TOKEN })
    }

    const { connection } = request
    const { path: prefix, preserveHost: preservesHost, tls } = route
    const { accessToken, dpopKey, expiresAt } = token ?? {}
    const cookie = cookiesForUpstream(header('cookie'), route.cookies)
    const bound =
      accessToken === undefined || dpopKey === undefined
        ? undefined
        : describeBound({ accessToken, dpopKey, method }, match, preservesHost ? host : undefined)
    const proof = bound && (await proofs?.prove(bound))
    const own = { accessToken, connection, cookie, dropsTrace, host, prefix, preservesHost, proof }
    // In one go: an object that is put together from others takes longer than all its fields.
    const forward: Forward = {
      kind: 'forward',
      origin: match.origin,
      tls,
      prefix,
      host: preservesHost ? host : undefined,
      path: match.path + target.query,
      headers: requestHeaders(request.headers, own),
      bound,
      timeout: route.timeout,
      corsHeaders: cors,
    }
    if (!upgrade) return forward
    const closesAt = expiresAt ?? ports.now() + MAX_TUNNEL_LIFETIME
    return { ...forward, kind: 'tunnel', closesAt }
  }

  function takesUpgrade({ method, target, headers }: ProxyRequest): boolean {
    if (!asksForWebSocket(method, readDecisiveHeaders(headers))) return false
    const read = readTarget(target)
    return (
      read.kind !== 'hostile' && findRoute(read.path, read.decodedPath)?.route.webSocket === true
    )
  }

  return {
    authorize,
    takesUpgrade,
    proveAgain({ bound, headers }, answer) {
      if (bound === undefined || proofs === undefined) return undefined
      if (answer !== undefined) {
        if (!wantsNonce(answer)) return undefined
        proofs.keepNonce(bound, answer.headers)
      }
      return proofs.prove(bound).then((proof) => withProof(headers, proof))
    },
    responseHeaders(decision, upstream) {
      if (decision.bound) proofs?.keepNonce(decision.bound, upstream)
      return responseHeaders(upstream, cookies.prefix, decision.corsHeaders, {
        publicUrl: (url) => publicUrl(decision, url),
        cookies: cookiesByRoute.get(decision.prefix) ?? [],
      })
    },
  }
}

/**
 * What a proof says about a request: its URL is the one that the API reads from what it is sent, so a `Host` that is
 * kept counts.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-7.1 RFC 9110 section 7.1}, determining the target resource
 */
function describeBound(
  request: Pick<BoundToken, 'accessToken' | 'dpopKey' | 'method'>,
  { origin, path }: RouteMatch,
  host: string | undefined,
): BoundToken {
  const authority = host === undefined ? origin : `${new URL(origin).protocol}//${host}`
  return { ...request, origin, url: authority + path }
}
