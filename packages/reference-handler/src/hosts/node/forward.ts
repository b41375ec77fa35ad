// Sending an authorised request to its upstream and the answer back, streaming both ways.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { Agent, errors } from 'undici'
import type { Dispatcher } from 'undici'
import type { Forward } from '../../proxy/decision.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import { lookupHost } from './local-names.ts'

/** The two ends of the client's connection. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Makes the headers of the answer; called once, when the upstream has sent its own. */
  readonly answerHeaders: (upstream: HeaderLines) => HeaderLines
}

/**
 * How forwarding ended. After `failed` nothing has been sent and the client still waits; otherwise
 * the answer is complete, or its connection is closed.
 */
export type ForwardResult =
  | { readonly kind: 'answered' }
  | { readonly kind: 'client-left' }
  | { readonly kind: 'cut-off'; readonly cause: unknown }
  | {
      readonly kind: 'failed'
      readonly code: 'upstream_error' | 'upstream_timeout'
      readonly cause: unknown
    }

/** Creates the connections to upstreams: kept alive, HTTP/1.1, no time limit for bodies. */
export function createUpstreamAgent(): Agent {
  return new Agent({ allowH2: false, bodyTimeout: 0, connect: { lookup: lookupHost } })
}

/**
 * Forwards a request. Nothing is buffered, retried or redirected; each end is read as fast as the
 * other takes it, and when the client leaves, so does the request to the upstream.
 *
 * @param dispatcher - see {@link createUpstreamAgent}
 * @returns when the answer is complete or will never be; never rejects
 */
export async function forward(
  dispatcher: Dispatcher,
  decision: Forward,
  { request, response, answerHeaders }: Exchange,
): Promise<ForwardResult> {
  if (response.destroyed) return { kind: 'client-left' }
  const client = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) client.abort()
  })
  try {
    await dispatcher.stream(
      {
        origin: decision.origin,
        path: decision.path,
        method: request.method ?? 'GET',
        headers: decision.headers.flat(),
        body: readBody(request),
        headersTimeout: decision.timeout * 1000,
        signal: client.signal,
      },
      ({ statusCode, headers }) => {
        response.writeHead(statusCode, answerHeaders(toLines(headers)).flat())
        process.nextTick(flushHead, response)
        return response
      },
    )
    return { kind: 'answered' }
  } catch (cause) {
    if (response.headersSent) {
      return response.errored ? { kind: 'cut-off', cause } : { kind: 'client-left' }
    }
    if (response.destroyed) return { kind: 'client-left' }
    return { kind: 'failed', code: classify(cause), cause }
  }
}

/** Node keeps the head back until the body begins, which takes an event stream as long as its first event. */
function flushHead(response: ServerResponse): void {
  if (!response.writableEnded) response.flushHeaders()
}

/**
 * The body for the upstream, or `null` when the request has none. The upstream's end is a stream of
 * its own: when it closes early, because the upstream has answered or gone, the rest of the body is
 * read and dropped, so that the client comes to read the answer.
 */
function readBody(request: IncomingMessage): Readable | null {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return null
  const body = new PassThrough()
  // The dispatcher reports what goes wrong; here it only must not count as unhandled.
  body.on('error', () => {})
  body.on('unpipe', () => {
    request.resume()
  })
  return request.pipe(body)
}

function toLines(headers: Dispatcher.StreamFactoryData['headers']): HeaderLines {
  return Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((single) => [name, single] as const),
  )
}

const classify = (cause: unknown) =>
  cause instanceof errors.HeadersTimeoutError || cause instanceof errors.ConnectTimeoutError
    ? 'upstream_timeout'
    : 'upstream_error'
