// Agent and proxy as one function from Request to Response, for every host that has Fetch.
import { tokenHandler1Server } from '@token-handler/contract'
import type { OAuthAgent } from '../../agent/oauth-agent.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { unservedPathPreflightHeaders, UNTRUSTED_PREFLIGHT } from '../../http/cors.ts'
import { jsonResponse } from '../../http/json-response.ts'
import { onDemand } from '../../on-demand.ts'
import type { Ports } from '../../ports.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { Preflight, Refusal, Tunnel } from '../../proxy/decision.ts'
import type { ClientConnection, HeaderLines } from '../../proxy/headers.ts'
import { createOAuthProxy } from '../../proxy/oauth-proxy.ts'
import type { ProofAnswer } from '../../proxy/proofs.ts'
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import { requireWhatBundleHas } from './bundle-rules.ts'
import { forwardByFetch } from './forward.ts'
import type { SendUpstream } from './forward.ts'
import { requestLines } from './header-lines.ts'

/** What a host knows of a request beyond what Fetch says. */
export interface RequestFacts {
  readonly connection: ClientConnection
  /** The request target as it came, where the host has it; Fetch has only what URL parsing made of it. */
  readonly target?: string | undefined
  /** Header lines as they came, where the host has them. */
  readonly headers?: HeaderLines | undefined
}

/** Answers a request. Never rejects. */
export type FetchHandler = (request: Request, facts: RequestFacts) => Promise<Response>

/** Opens the WebSocket that the proxy has allowed; resolves with the answer to its handshake. */
export type OpenWebSocket = (tunnel: Tunnel, opening: WebSocketOpening) => Promise<Response>

/** What a host opens a WebSocket with. */
export interface WebSocketOpening {
  readonly request: Request
  /** Makes the headers of the answer from the upstream's. */
  readonly answerHeaders: (upstream: HeaderLines) => HeaderLines
  /** Makes the answer where there is none of the upstream. */
  readonly refuse: (refusal: Refusal) => Response
}

/** How a host does what Fetch leaves open. */
export interface FetchHost {
  /** Sends to upstreams; by default the global `fetch`. */
  readonly send?: SendUpstream | undefined
  /** Content codings that `send` undoes without being asked to; by default those of Node's `fetch`. */
  readonly decoded?: ReadonlySet<string> | undefined
  /** Whether nothing encoded is asked for, because it would arrive decoded; by default it is not. */
  readonly asksForIdentity?: boolean | undefined
  /** Without it, routes with `webSocket` are mistakes of the configuration. */
  readonly openWebSocket?: OpenWebSocket | undefined
  /** Answers what is neither the agent's nor a route's, such as the files of the SPA; by default 404. */
  readonly serveFiles?: ((request: Request) => Promise<Response>) | undefined
}

const NODE_DECODES: ReadonlySet<string> = new Set(['br', 'deflate', 'gzip', 'x-gzip', 'zstd'])

/**
 * Creates agent and proxy of a deployment as one handler. The path that the proxy judges is the path that is sent: of
 * what it lets through, URL parsing changes nothing but to percent-encode a few characters.
 *
 * @param configuration - from `parseConfiguration`, and past `requireWhatFetchCan`
 * @throws {ConfigurationError} when the configuration needs code that a bundler has left out
 */
export function createFetchHandler(
  configuration: Configuration,
  ports: Ports,
  host: FetchHost = {},
): FetchHandler {
  requireWhatBundleHas(configuration, ports)
  const { agentPath, exposeErrorDetails } = configuration
  const { send = fetch, decoded = NODE_DECODES, asksForIdentity = true } = host
  const { openWebSocket, serveFiles } = host
  const { log, schedule = scheduleWithTimers } = ports
  const proxy = createOAuthProxy(configuration, ports)

  // Calls of APIs do without it, and a worker starts faster.
  const agent: OAuthAgent = onDemand(async () => {
    const { createOAuthAgent } = await import('../../agent/oauth-agent.ts')
    return createOAuthAgent(configuration, ports)
  })

  const reply = (decision: Preflight | Refusal) => answerDecision(decision, exposeErrorDetails)

  function refuse(refusal: Refusal): Response {
    const { code, reason } = refusal
    log[code === 'temporarily_unavailable' ? 'warn' : 'debug']({ code, reason }, 'request refused')
    return reply(refusal)
  }

  function replyToPreflight(request: Request, preflight: Preflight): Response {
    if (preflight.headers['access-control-allow-origin'] === undefined) {
      log.info({ origin: request.headers.get('origin') }, UNTRUSTED_PREFLIGHT)
    }
    return reply(preflight)
  }

  /** A page may read that there is nothing, as it may read every other refusal. */
  function missing(request: Request, refusal: Refusal): Response {
    const asked = (name: string) => request.headers.get(name) ?? undefined
    const headers =
      request.method === 'OPTIONS'
        ? unservedPathPreflightHeaders(configuration.trustedOrigins, asked)
        : undefined
    return headers === undefined
      ? refuse(refusal)
      : replyToPreflight(request, { kind: 'preflight', headers })
  }

  async function callApi(
    request: Request,
    { pathname, search }: URL,
    { connection, headers = requestLines(request), target = pathname + search }: RequestFacts,
  ): Promise<Response> {
    const decision = await proxy.authorize({ method: request.method, target, headers, connection })
    if (decision.kind === 'refuse') {
      if (decision.code !== 'not_found') return refuse(decision)
      return serveFiles === undefined ? missing(request, decision) : await serveFiles(request)
    }
    if (decision.kind === 'preflight') return replyToPreflight(request, decision)
    const answerHeaders = (upstream: HeaderLines) => proxy.responseHeaders(decision, upstream)
    if (decision.kind === 'tunnel') {
      if (openWebSocket === undefined) throw new Error('No route of this host has webSocket.')
      return await openWebSocket(decision, { request, answerHeaders, refuse })
    }
    const proveAgain = (answer: ProofAnswer) => proxy.proveAgain(decision, answer)
    const exchange = { answerHeaders, proveAgain }
    const result = await forwardByFetch(decision, request, exchange, {
      send,
      decoded,
      asksForIdentity,
      schedule,
    })
    if (result.kind === 'answered') return result.response
    log.warn({ err: result.cause, upstream: decision.origin }, 'the upstream failed')
    return reply(upstreamRefusal(decision, result.code))
  }

  return async (request, facts) => {
    try {
      const url = new URL(request.url)
      const { pathname } = url
      // A path that only URL parsing makes the agent's is for the proxy to refuse.
      const [path] = facts.target?.split('?', 1) ?? [pathname]
      const isOfAgent =
        path === pathname && (pathname === agentPath || pathname.startsWith(`${agentPath}/`))
      return isOfAgent ? await agent(request, facts.connection) : await callApi(request, url, facts)
    } catch (error) {
      log.error({ err: error }, 'unexpected error')
      return serverError()
    }
  }
}

/** The answer to a fault of ours; what it was stands in the log. */
export const serverError = (): Response =>
  jsonResponse(500, tokenHandler1Server.encodeError({ code: 'server_error' }))
