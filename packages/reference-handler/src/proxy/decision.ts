// What the proxy decides about a request, as data.
import { proxyErrorStatus, tokenHandler1Server } from '@token-handler/contract'
import type { ProxyErrorCode } from '@token-handler/contract'
import { jsonResponse } from '../http/json-response.ts'
import type { TlsFiles } from '../tls-files.ts'
import type { HeaderLines } from './headers.ts'
import type { BoundToken } from './proofs.ts'

/** The server behind a route. */
export interface UpstreamServer {
  /** Scheme, host and port of the upstream. */
  readonly origin: string
  /** How TLS connections to it are made, where that is not as usual. */
  readonly tls?: TlsFiles | undefined
}

/** Where a request goes, and what is said there in its name. */
interface Upstream extends UpstreamServer {
  /** The path of the route. */
  readonly prefix: string
  /** The client's `Host`, where the upstream gets it in place of its own. */
  readonly host?: string | undefined
  /** Path and query for the upstream, to be sent without normalising them. */
  readonly path: string
  /** All headers for the upstream, the access token among them: never to be logged. */
  readonly headers: HeaderLines
  /** What proofs of possession are made for, where the access token is bound to a key: never to be logged. */
  readonly bound?: BoundToken | undefined
  /** Seconds until the upstream has to send headers. */
  readonly timeout: number
  /** Headers for the answer, be it the upstream's or ours. */
  readonly corsHeaders: Readonly<Record<string, string>>
}

/** The request may go to an upstream, exactly as described here; its body and method stay as they are. */
export interface Forward extends Upstream {
  readonly kind: 'forward'
}

/** A WebSocket may be opened to an upstream; the host adds what the handshake says about the connection. */
export interface Tunnel extends Upstream {
  readonly kind: 'tunnel'
  /** When it has to be closed again: milliseconds since the epoch. */
  readonly closesAt: number
}

/** The proxy answers the CORS preflight itself. */
export interface Preflight {
  readonly kind: 'preflight'
  readonly headers: Readonly<Record<string, string>>
}

/** The proxy answers with an error. */
export interface Refusal {
  readonly kind: 'refuse'
  readonly code: ProxyErrorCode
  /** For logs and developers; goes to the client only when the configuration exposes details. */
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
}

/** What happens to a request. */
export type ProxyDecision = Forward | Tunnel | Preflight | Refusal

/**
 * Makes the answer of a decision that does not forward.
 *
 * @param exposeErrorDetails - adds the reason to the body
 *
 * @example
 * import { answerDecision } from '@token-handler/reference-handler'
 *
 * const decision = { kind: 'refuse', code: 'not_found', reason: 'No route.', headers: {} } as const
 * console.log(answerDecision(decision, false).status) // 404
 */
export function answerDecision(
  decision: Preflight | Refusal,
  exposeErrorDetails: boolean,
): Response {
  if (decision.kind === 'preflight') {
    return new Response(null, { status: 204, headers: decision.headers })
  }
  const { code, reason, headers } = decision
  const body = tokenHandler1Server.encodeError({
    code,
    ...(exposeErrorDetails && { details: reason }),
  })
  return jsonResponse(proxyErrorStatus[code], body, headers)
}
