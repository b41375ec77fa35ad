// Forwarding a request that the proxy has authorised, as a span of its trace.
import type { FastifyBaseLogger } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Forward, Refusal } from '../../proxy/decision.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import type { OAuthProxy } from '../../proxy/oauth-proxy.ts'
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import type { Ports } from '../../ports.ts'
import { withTrace } from '../../traced.ts'
import { forward } from '../node/forward.ts'
import type { Upstreams } from '../node/upstreams.ts'

interface ForwarderParts extends Pick<Ports, 'trace'> {
  readonly proxy: OAuthProxy
  readonly upstreams: Upstreams
  /** Whether the trace that a request came with goes on. */
  readonly goesOn: boolean
}

/**
 * Forwards. Resolves with what has to be answered in place of the upstream, if anything has.
 *
 * @param logOf - the log of this request; asked for when there is something to say
 */
export type ForwardRequest = (
  decision: Forward,
  request: IncomingMessage,
  response: ServerResponse,
  logOf: () => Pick<FastifyBaseLogger, 'warn'>,
) => Promise<Refusal | undefined>

/** Forwards for one server. */
export function createForwarder({
  proxy,
  upstreams,
  trace,
  goesOn,
}: ForwarderParts): ForwardRequest {
  function send(
    decision: Forward,
    request: IncomingMessage,
    response: ServerResponse,
    own?: Readonly<Record<string, string>>,
  ) {
    const traceOn = (headers: HeaderLines) =>
      own === undefined ? headers : withTrace(headers, own)
    const sent = own === undefined ? decision : { ...decision, headers: traceOn(decision.headers) }
    return forward(upstreams, sent, {
      request,
      response,
      answerHeaders: (upstream) => proxy.responseHeaders(decision, upstream),
      proveAgain: decision.bound && ((answer) => proxy.proveAgain(decision, answer)?.then(traceOn)),
    })
  }

  /** Without a trace there is no span, and no time for one. */
  function sendTraced(decision: Forward, request: IncomingMessage, response: ServerResponse) {
    if (trace === undefined) return send(decision, request, response)
    const { headers, method = 'GET' } = request
    const attributes = {
      'http.request.method': method,
      'http.route': decision.prefix,
      'server.address': new URL(decision.origin).host,
    }
    const name = `${method} ${decision.prefix}`
    const header = (field: string) => headers[field]?.toString()
    const options = { name, kind: 'client', attributes, ...(goesOn && { header }) } as const
    return trace(options, async (span) => {
      const result = await send(decision, request, response, span.headers())
      if (response.headersSent) span.set({ 'http.response.status_code': response.statusCode })
      if (result.kind !== 'answered')
        span.fail(result.kind === 'failed' ? result.code : result.kind)
      return result
    })
  }

  return async (decision, request, response, logOf) => {
    const result = await sendTraced(decision, request, response)
    if (result.kind === 'failed') {
      logOf().warn({ err: result.cause, upstream: decision.origin }, 'the upstream failed')
      return upstreamRefusal(decision, result.code)
    }
    if (result.kind === 'cut-off') {
      logOf().warn({ err: result.cause }, 'the upstream broke off its answer')
    }
    return undefined
  }
}
