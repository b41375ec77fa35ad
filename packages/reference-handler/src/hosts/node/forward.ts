// Sending an authorised request to its upstream and the answer back, streaming both ways.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Forward } from '../../proxy/decision.ts'
import { withoutNames } from '../../proxy/header-lines.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import type { ProofAnswer } from '../../proxy/proofs.ts'
import { createAnswerWriter } from './answer-writer.ts'
import type { UpstreamHandler } from './upstream-client.ts'
import { classifyFailure, isConnectionReset } from './upstream-failure.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import { toHeaderLines } from './upstreams.ts'
import type { Upstreams } from './upstreams.ts'

/** The two ends of the client's connection. */
export interface ClientExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Makes the headers of the answer; called once, when the upstream has sent its own. */
  readonly answerHeaders: (upstream: HeaderLines) => HeaderLines
  /**
   * Resolves with the headers of the request when it is sent again; `undefined` where they stay the same, or where
   * the answer at hand is none that another proof would change.
   */
  readonly proveAgain?: ((answer?: ProofAnswer) => Promise<HeaderLines> | undefined) | undefined
}

/**
 * How forwarding ended. After `failed` nothing has been sent and the client still waits; otherwise
 * the answer is complete, or its connection is closed.
 */
export type ForwardResult =
  | { readonly kind: 'answered' }
  | { readonly kind: 'client-left' }
  | { readonly kind: 'cut-off'; readonly cause: unknown }
  | UpstreamFailure

const LENGTH = ['content-length']

/** These may be sent again: to do them twice is to do them once (RFC 9110 section 9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/**
 * Forwards a request. Nothing is buffered or redirected; each end is read as fast as the other takes
 * it, and when the client leaves, so does the request to the upstream.
 *
 * An upstream, or a gateway on the way to it, may have closed or forgotten a connection that was kept
 * alive. So a request whose connection is reset before any answer is sent once more, if its method is
 * idempotent and it has no body, and over a new connection: others may be as dead. A request that is refused because
 * its proof of possession needs a nonce is sent once more, too, if it has no body. Nothing else is ever repeated.
 *
 * @returns when the answer is complete or will never be; never rejects
 */
export function forward(
  upstreams: Upstreams,
  decision: Forward,
  exchange: ClientExchange,
): Promise<ForwardResult> {
  const { request, response } = exchange
  // While it was authorised, the client has left, or has been answered by a server that closes.
  if (response.destroyed) {
    request.resume()
    return Promise.resolve({ kind: response.writableFinished ? 'answered' : 'client-left' })
  }
  const { method = 'GET' } = request
  const body = readBody(request)
  let mayRepeat = body === null && idempotentMethods.has(method)
  let mayProveAgain = body === null

  return new Promise((resolve) => {
    let upstream: Dispatcher.DispatchController | undefined
    let cutOff: { readonly cause: unknown } | undefined
    let isEnded = false

    response.on('close', () => {
      if (isEnded && response.writableFinished) return resolve({ kind: 'answered' })
      if (cutOff) return resolve({ kind: 'cut-off', cause: cutOff.cause })
      abandon()
      resolve({ kind: response.writableFinished ? 'answered' : 'client-left' })
    })

    /** The client has left, or has an answer already: from a server that closes. */
    const isObsolete = () => response.destroyed || response.writableEnded

    function abandon(): void {
      upstream?.abort(new Error('No client waits for the answer.'))
      dropBody()
    }

    /** What still arrives of it is read and forgotten. */
    function dropBody(): void {
      if (body instanceof Readable) body.destroy()
    }

    function fail(cause: Error): void {
      // Without a client nothing has failed: `close` is on its way, and tells the rest.
      if (isObsolete() || response.socket?.destroyed) return
      if (response.headersSent) {
        cutOff = { cause }
        response.destroy()
      } else if (mayRepeat && isConnectionReset(cause)) {
        mayRepeat = false
        sendAgain(upstreams.dispatchAlone, exchange.proveAgain?.())
      } else {
        dropBody()
        resolve({ kind: 'failed', code: classifyFailure(cause), cause })
      }
    }

    /** A proof is good for one request: what is sent again needs another. */
    function sendAgain(
      dispatch: Upstreams['dispatch'],
      proven: Promise<HeaderLines> | undefined,
    ): void {
      if (proven === undefined) return trySending(dispatch)
      proven.then((headers) => {
        trySending(dispatch, headers)
      }, fail)
    }

    function trySending(dispatch: Upstreams['dispatch'], headers = decision.headers): void {
      try {
        send(dispatch, headers)
      } catch (error) {
        fail(error instanceof Error ? error : new Error('The request cannot be sent.'))
      }
    }

    function send(dispatch: Upstreams['dispatch'], headers: HeaderLines): void {
      const { path, timeout } = decision
      const answer = createAnswerWriter(response)
      let isSuperseded = false
      const handler: UpstreamHandler = {
        connection: undefined,
        onRequestStart(controller) {
          handler.connection?.expectHead()
          upstream = controller
          if (isObsolete()) abandon()
        },
        onResponseStart(controller, status, upstreamHeaders) {
          // A gateway need not hand interim answers on, as a proxy has to (RFC 9110 sections 3.7 and
          // 15.2). Whoever stands before this server may take one for the answer (RFC 8297 section 3),
          // and `fetch` shows none to a page.
          if (status < 200) return
          if (isObsolete()) return abandon()
          const received = toHeaderLines(upstreamHeaders)
          const proven =
            mayProveAgain && status === 401
              ? exchange.proveAgain?.({ status, headers: received })
              : undefined
          if (proven !== undefined) {
            mayProveAgain = false
            isSuperseded = true
            controller.abort(new Error('The request is sent again with another proof.'))
            return sendAgain(upstreams.dispatch, proven)
          }
          const headers = exchange.answerHeaders(received)
          // RFC 9110 section 8.6: an answer without content states no length.
          answer.start(controller, status, status === 204 ? withoutNames(headers, LENGTH) : headers)
        },
        onResponseData(_controller, chunk) {
          answer.write(chunk)
        },
        onResponseEnd() {
          isEnded = true
          answer.end()
        },
        onResponseError(_controller, error) {
          if (!isSuperseded) fail(error)
        },
      }
      const headersTimeout = timeout * 1000
      dispatch(decision, { path, method, headers: [...headers], body, headersTimeout }, handler)
    }

    trySending(upstreams.dispatch)
  })
}

/**
 * The body for the upstream, or `null` when the request has none. A small one has often arrived together with its head,
 * and goes out in one piece with that. Otherwise the upstream's end is a stream of its own: when it closes early, because
 * the upstream has answered or gone, the rest of the body is read and dropped, so that the client comes to read the answer.
 */
function readBody(request: IncomingMessage): Readable | Buffer | null {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return null
  if (request.complete && request.readableLength === Number(length)) {
    const whole: unknown = request.read()
    if (Buffer.isBuffer(whole)) return whole
  }
  const push = (chunk: Buffer) => {
    if (!body.push(chunk)) request.pause()
  }
  const end = () => void body.push(null)
  const body = new Readable({
    read: () => void request.resume(),
    destroy(error, done) {
      request.off('data', push).off('end', end).resume()
      done(error)
    },
  })
  // The dispatcher reports what goes wrong; here it only must not count as unhandled.
  body.on('error', () => {})
  request.on('data', push).on('end', end)
  return body
}
