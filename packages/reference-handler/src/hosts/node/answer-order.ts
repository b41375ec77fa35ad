// The answers of a connection, in the order of its requests: nothing gets between them, and all end with it.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

const watched = new WeakSet<Server>()

/** The answer to the last request of each connection. */
const lastAnswers = new WeakMap<Duplex, ServerResponse>()

/** By connection, the answers that had to wait for an earlier one, until they are closed. */
const waitingAnswers = new WeakMap<Duplex, Set<ServerResponse>>()

/**
 * Watches the answers of a server, for {@link isAnswering}, and closes those that wait for their turn together with their
 * connection. Node does so, too, but no more once it has handed the connection out, to `CONNECT` or an upgrade: an answer
 * without its socket would then never emit `close`, and what makes it would go on for a client that has left.
 */
export function watchAnswers(server: Server): void {
  if (watched.has(server)) return
  watched.add(server)
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    lastAnswers.set(socket, response)
    if (response.socket === null) closeTogether(socket, response)
  })
}

/** One listener for each connection: a client may send any number of requests at once. */
function closeTogether(socket: Duplex, response: ServerResponse): void {
  const known = waitingAnswers.get(socket)
  const waiting = known ?? new Set()
  waiting.add(response)
  response.once('close', () => waiting.delete(response))
  if (known !== undefined) return
  waitingAnswers.set(socket, waiting)
  socket.once('close', () => {
    for (const each of waiting) each.destroy()
  })
}

/**
 * Whether something written to a connection would end up inside the answer to an earlier request, or take its place.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2 RFC 9112 section 9.3.2}
 */
export function isAnswering(socket: Duplex): boolean {
  const last = lastAnswers.get(socket)
  if (last === undefined || last.writableFinished) return false
  // Without its socket it waits for its turn, behind the answer to an earlier request.
  if (last.socket === null) return true
  if (last.writableEnded) return false
  // Until it begins, what goes wrong in the middle of its request may be said in its place.
  return last.headersSent || last.req.complete
}
