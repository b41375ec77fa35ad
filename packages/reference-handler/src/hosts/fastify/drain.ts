// The orderly end of a server: what is open may finish, and nothing ends without an answer.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { closeAfterReading } from '../node/close-after-reading.ts'
import type { ClosingAnswer } from './error-answers.ts'

/** Milliseconds for clients to read their last answer. */
const READING_TIME = 1000

/**
 * Has open requests finish when a server closes, and their connections end with them instead of waiting
 * for more. After `drainFor` seconds, what has begun to be answered, such as an event stream, is cut
 * off, and what has not is answered in place of whatever works on it: browsers and gateways send a
 * request again, a POST too, whose connection closes without a byte.
 *
 * @param drainFor - seconds
 * @param answer - makes the answer to a request that took too long
 */
export function drainOnClose(
  app: FastifyInstance,
  drainFor: number,
  answer: (request: IncomingMessage) => ClosingAnswer,
): void {
  /** By connection, what has yet to be answered, in the order of the requests. */
  const connections = new Map<Socket, Set<FastifyReply>>()
  let timer: NodeJS.Timeout | undefined

  function repliesOf(socket: Socket): Set<FastifyReply> {
    const known = connections.get(socket)
    if (known !== undefined) return known
    const replies = new Set<FastifyReply>()
    connections.set(socket, replies)
    socket.once('close', () => connections.delete(socket))
    return replies
  }

  app.addHook('onRequest', ({ raw }, reply, done) => {
    const replies = repliesOf(raw.socket)
    if (timer !== undefined && !mayFollow([...replies].at(-1))) return reply.hijack()
    replies.add(reply)
    reply.raw.once('close', () => {
      replies.delete(reply)
      if (timer !== undefined) setImmediate(() => app.server.closeIdleConnections())
    })
    done()
  })

  /** Answers or cuts off whatever is open on a connection. */
  function end(socket: Socket, replies: ReadonlySet<FastifyReply>): void {
    const last = [...replies].at(-1)
    for (const reply of replies) {
      const { raw, request } = reply
      if (raw.headersSent) return void socket.destroy()
      const { status, headers, body } = answer(request.raw)
      // What comes later from whatever works on it is dropped.
      reply.hijack()
      if (!request.raw.complete) closeAfterReading(socket, READING_TIME)
      const connection = reply === last ? 'close' : 'keep-alive'
      raw.writeHead(status, { ...headers, 'content-length': body.length, connection })
      raw.end(body)
    }
  }

  function finish(): void {
    app.server.closeIdleConnections()
    for (const [socket, replies] of connections) end(socket, replies)
    timer = setTimeout(() => app.server.closeAllConnections(), READING_TIME)
  }

  app.addHook('preClose', async () => {
    for (const replies of connections.values()) announceClose(replies)
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
function announceClose(replies: ReadonlySet<FastifyReply>): void {
  const last = [...replies].at(-1)
  if (last !== undefined && !last.raw.headersSent) last.raw.setHeader('connection', 'close')
}

/**
 * Whether a request may be answered behind another one that has yet to be. A client may send the next
 * request before it has the answer to the one before. As soon as the server closes, each answer says
 * `Connection: close`, which only the last one may: with a request behind it, the one before has to take
 * it back. If it is too late for that, the request is left alone, and its client knows that it was
 * not worked on.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.6 RFC 9112 section 9.6}
 */
function mayFollow(before: FastifyReply | undefined): boolean {
  if (before === undefined) return true
  if (before.raw.headersSent) return before.raw.getHeader('connection') !== 'close'
  before.raw.removeHeader('connection')
  return true
}
