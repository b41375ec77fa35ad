// The proxy's decision for gateways that forward requests themselves.
import { JSON_CONTENT_TYPE, proxyErrorStatus, tokenHandler1Server } from '@token-handler/contract'
import { privateHeaders } from '../http/json-response.ts'
import type { Forward, Refusal, Tunnel } from '../proxy/decision.ts'
import { hopByHop } from '../proxy/header-lines.ts'
import type { HeaderLines } from '../proxy/header-lines.ts'
import type { OAuthProxy, ProxyRequest } from '../proxy/oauth-proxy.ts'
import { readOriginal } from './original-request.ts'
import type { GatewayName } from './gateway-names.ts'
import { gatewayProfiles, ownHeaders } from './profiles.ts'
import type { GatewayProfile } from './profiles.ts'

/** The answer to a gateway. It may hold an access token: it is for the gateway, and never for a browser. */
export interface ForwardAuthAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON, or empty. */
  readonly body: string
  /** Why the request is not allowed, for logs. */
  readonly refusal?: Refusal | undefined
}

/** What a decision for a gateway is made with. */
export interface ForwardAuthOptions {
  readonly gateway: GatewayName
  /** Adds the reason to the bodies of refusals. */
  readonly exposeErrorDetails: boolean
}

/** The decision for a gateway. */
export interface ForwardAuth {
  /** Decides about the request that a gateway asks about. Rejects only when keys cannot be derived. */
  readonly authorize: (request: ProxyRequest) => Promise<ForwardAuthAnswer>
  /** The answer to what the host cannot read as HTTP, although the gateway did. */
  readonly malformed: ForwardAuthAnswer
}

/** Those that each server on the way writes anew or acts on itself; no client's line of these is handed on as it is. */
const ofTheConnection: ReadonlySet<string> = new Set([
  ...hopByHop,
  'content-length',
  'expect',
  'host',
  'via',
])

const own: ReadonlySet<string> = new Set(ownHeaders)

/** What an answer may set, not set. */
const nothing = Object.fromEntries(
  [
    ...ownHeaders,
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'access-control-expose-headers',
  ].map((name) => [name, '']),
)

/**
 * Creates the decision for a gateway that forwards requests itself. An allowed request is answered with 200 and
 * these headers:
 *
 * - `Authorization` and `X-Forwarded-…`, and `Cookie` where the route lets cookies pass: what the API gets. One that is
 *   missing is one that the API may not get, be it from the browser or not.
 * - `Token-Handler-Route`: the path of the route; `Token-Handler-Target`: path and query for the API, never to be
 *   normalised.
 * - `Token-Handler-Remove`, or what the gateway has for it: the request's headers that no client may send.
 * - `Vary` and `Access-Control-…`: for the answer to the browser.
 *
 * A request that offers to switch protocols, and is no WebSocket of its route, is not allowed: a gateway that hands the
 * offer on would open a tunnel whose later bytes nobody judges.
 *
 * A refusal has the status, the headers and the JSON of the proxy, as far as the gateway understands them.
 *
 * The host has to ask for gateways only: whoever reads the answer has the access token.
 *
 * @param proxy - from `createOAuthProxy`
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { createOAuthProxy, parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
 * import { createForwardAuth } from '@token-handler/reference-handler/forward-auth'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * const proxy = createOAuthProxy(configuration, ports)
 * const { authorize } = createForwardAuth(proxy, { gateway: 'nginx', exposeErrorDetails: false })
 * const { status } = await authorize({
 *   method: 'GET',
 *   target: '/',
 *   headers: ['Host', 'www.example.com', 'X-Original-Method', 'GET', 'X-Original-URI', '/api/orders'],
 *   connection: { address: '192.0.2.1', protocol: 'https' },
 * })
 * console.log(status)
 */
export function createForwardAuth(
  proxy: OAuthProxy,
  { gateway, exposeErrorDetails }: ForwardAuthOptions,
): ForwardAuth {
  const profile: GatewayProfile = gatewayProfiles[gateway]
  const handled = new Set(profile.handled)

  function refuse(refusal: Refusal): ForwardAuthAnswer {
    const { code, reason, headers } = refusal
    const details = exposeErrorDetails && { details: reason }
    return {
      status: understood(proxyErrorStatus[code], profile),
      headers: { ...headers, ...privateHeaders, 'content-type': JSON_CONTENT_TYPE },
      body: JSON.stringify(tokenHandler1Server.encodeError({ code, ...details })),
      refusal,
    }
  }

  function allow(decision: Forward | Tunnel, request: ProxyRequest): ForwardAuthAnswer {
    const removed = findRemoved(request.headers, decision.headers)
    const left = removed.filter((name) => !handled.has(name))
    const { removal, redirects } = profile
    if (decision.kind === 'forward' && namesOf(request.headers).includes('upgrade')) {
      if (redirects !== undefined) return redirect(redirects.handedOver)
      const reason = 'Upgrade is present, and the request opens no WebSocket.'
      return refuse(invalid(reason, decision.corsHeaders))
    }
    if (left.length > 0 && removal.by === 'handler') {
      if (redirects !== undefined) return redirect(redirects.handedOver)
      return refuse(invalid(`The handler has to remove ${left.join(', ')}.`, decision.corsHeaders))
    }
    if (left.length > 0 && removal.by === 'refusal') {
      return refuse(invalid(`The gateway cannot remove ${left.join(', ')}.`, decision.corsHeaders))
    }
    const mixed = left.filter((name) => name.includes('_'))
    if (mixed.length > 0 && removal.by === 'gateway') {
      return refuse(invalid(`The gateway cannot remove ${mixed.join(', ')}.`, decision.corsHeaders))
    }
    const headers = {
      ...(profile.saysEmpty && nothing),
      ...decision.corsHeaders,
      vary: 'Cookie, Origin',
      'cache-control': 'no-store',
      'token-handler-route': decision.prefix,
      'token-handler-target': decision.path,
      ...findOwn(decision.headers),
      ...(removal.by === 'answer' &&
        removed.length > 0 && { [removal.header]: removed.join(', ') }),
      ...(redirects && { 'x-accel-redirect': redirects.allowed }),
    }
    return { status: 200, headers, body: '' }
  }

  async function authorize(asked: ProxyRequest): Promise<ForwardAuthAnswer> {
    const original = readOriginal(asked, profile)
    if (original.kind === 'unclear') return refuse(invalid(original.reason))
    const decision = await proxy.authorize(original.request)
    switch (decision.kind) {
      case 'forward':
      case 'tunnel':
        return allow(decision, original.request)
      case 'preflight':
        return profile.answersPreflights
          ? { status: 204, headers: decision.headers, body: '' }
          : refuse({
              kind: 'refuse',
              code: 'untrusted_request',
              reason: 'The gateway has to send preflights to the handler.',
              headers: {},
            })
      case 'refuse':
        return refuse(decision)
    }
  }

  return { authorize, malformed: refuse(invalid('The request is malformed.')) }
}

const redirect = (location: string): ForwardAuthAnswer => ({
  status: 200,
  headers: { 'cache-control': 'no-store', 'x-accel-redirect': location },
  body: '',
})

const invalid = (reason: string, headers: Refusal['headers'] = {}): Refusal => ({
  kind: 'refuse',
  code: 'invalid_request',
  reason,
  headers,
})

const understood = (status: number, { refusals }: GatewayProfile): number =>
  refusals === undefined || refusals.includes(status) ? status : 403

/** Names of a request's headers, in lower case, that do not go to the API. */
function findRemoved(received: HeaderLines, sent: HeaderLines): readonly string[] {
  const kept = new Set(namesOf(sent))
  const removed = namesOf(received).filter((name) => !kept.has(name) && !ofTheConnection.has(name))
  return [...new Set(removed)]
}

const namesOf = (lines: HeaderLines): readonly string[] =>
  lines.flatMap((line, index) => (index % 2 === 0 ? line.toLowerCase() : []))

/** What the proxy says to the API in its own name: no client's header of these names is among those that go there. */
function findOwn(lines: HeaderLines): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    if (own.has(name)) headers[name] = lines[index + 1] ?? ''
  }
  return headers
}
