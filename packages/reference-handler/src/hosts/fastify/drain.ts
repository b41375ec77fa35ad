// The orderly end of a server: what is open may finish, and nothing ends without an answer.
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { closeAfterReading } from '../node/close-after-reading.ts'
import type { ImmediateAnswer } from './error-answers.ts'
import type { Exchange, Front } from './front.ts'

/** Milliseconds for clients to read their last answer. */
const READING_TIME = 1000

/**
 * Has open requests finish when a server closes, and their connections end with them instead of waiting
 * for more. After `drainFor` seconds, what has begun to be answered, such as an event stream, is cut
 * off, and what has not is answered in place of whatever works on it: browsers and gateways send a
 * request again, a POST too, whose connection closes without a byte.
 *
 * @param front - of the server
 * @param drainFor - seconds
 * @param answer - makes the answer to a request that took too long
 */
export function drainOnClose(
  app: FastifyInstance,
  front: Front,
  drainFor: number,
  answer: (request: IncomingMessage) => ImmediateAnswer,
): void {
  /** By connection, what has yet to be answered, in the order of the requests. */
  const connections = new Map<Socket, Exchange[]>()
  let timer: NodeJS.Timeout | undefined

  function exchangesOf(socket: Socket): Exchange[] {
    const known = connections.get(socket)
    if (known !== undefined) return known
    const exchanges: Exchange[] = []
    connections.set(socket, exchanges)
    socket.once('close', () => connections.delete(socket))
    return exchanges
  }

  front.admitIf((exchange) => {
    const { request, response } = exchange
    const { socket } = request
    const exchanges = exchangesOf(socket)
    // The server has closed its end, and reads on only so that the last answer arrives.
    if (socket.writableEnded || !mayFollow(exchanges.at(-1))) return false
    if (timer !== undefined) response.setHeader('connection', 'close')
    exchanges.push(exchange)
    return true
  })

  front.onAnswered((exchange) => {
    const exchanges = connections.get(exchange.request.socket)
    const index = exchanges?.indexOf(exchange) ?? -1
    if (index >= 0) exchanges?.splice(index, 1)
    if (timer !== undefined) setImmediate(() => app.server.closeIdleConnections())
  })

  /** Answers or cuts off whatever is open on a connection. */
  function end(socket: Socket, exchanges: readonly Exchange[]): void {
    const last = exchanges.at(-1)
    for (const exchange of exchanges) {
      const { reply, request, response } = exchange
      if (response.headersSent) return void socket.destroy()
      const { status, headers, body } = answer(request)
      // What comes later from whatever works on it is dropped.
      reply?.hijack()
      if (!request.complete) closeAfterReading(request, READING_TIME)
      const connection = exchange === last ? 'close' : 'keep-alive'
      response.writeHead(status, { ...headers, connection })
      response.end(body)
    }
  }

  function finish(): void {
    app.server.closeIdleConnections()
    for (const [socket, exchanges] of connections) end(socket, exchanges)
    timer = setTimeout(() => app.server.closeAllConnections(), READING_TIME)
  }

  app.addHook('preClose', async () => {
    for (const exchanges of connections.values()) announceClose(exchanges)
    timer = setTimeout(finish, drainFor * 1000)
  })
  app.addHook('onClose', async () => {
    clearTimeout(timer)
  })
}

/**
 * Has the last answer of a connection say that it is the last: whatever stands in front would send its
 * next request over a connection that is about to close.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.6 RFC 9112 section 9.6}
 */
function announceClose(exchanges: readonly Exchange[]): void {
  const response = exchanges.at(-1)?.response
  if (response !== undefined && !response.headersSent) response.setHeader('connection', 'close')
}

/**
 * Whether a request may be answered behind another one that has yet to be. A client may send the next
 * request before it has the answer to the one before. As soon as the server closes, each answer says
 * `Connection: close`, and so do some answers to requests whose body has not been read; only the last one may:
 * with a request behind it, the one before has to take it back. If it is too late for that, the request is left
 * alone, and its client knows that it was not worked on.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.6 RFC 9112 section 9.6}
 */
function mayFollow(before: Exchange | undefined): boolean {
  if (before === undefined) return true
  const { reply, response } = before
  if (response.headersSent) return (reply ?? response).getHeader('connection') !== 'close'
  // Node adds no `Connection` of its own to an answer whose `Connection` was ever removed.
  if (response.hasHeader('connection')) response.removeHeader('connection')
  return true
}
