// Closing a connection whose client is still sending.
import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'

/**
 * Has the connection of a request, when Node closes it after its last answer while the request is still
 * arriving, read on until the client has closed its end, or for a while. A connection that is closed with
 * something unread is reset, and a reset takes from the client what it has not read yet: the answer.
 *
 * @param timeout - milliseconds
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-9.6 RFC 9112 section 9.6}
 */
export function closeAfterReading(request: IncomingMessage, timeout: number): void {
  const { socket } = request
  socket.destroySoon = () => {
    if (request.complete) return Socket.prototype.destroySoon.call(socket)
    const timer = setTimeout(() => socket.destroy(), timeout)
    socket.once('close', () => clearTimeout(timer))
    socket.end()
    request.resume()
    socket.resume()
  }
}
