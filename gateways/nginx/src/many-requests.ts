// Many requests over one connection, one right behind the other, of which only the statuses matter.
import { once } from 'node:events'
import { openSocket } from '../../../packages/reference-handler/test/hosts/raw-http.ts'

/** A connection that is kept. */
export interface RequestLine {
  /** Sends requests and resolves with the status of each. */
  readonly send: (texts: readonly string[]) => Promise<number[]>
  readonly close: () => void
}

/** Opens a connection; answers may have any body that names no HTTP version. */
export function openLine(port: number): RequestLine {
  const socket = openSocket(port)
  // The end of a batch would wait for the answer to its beginning.
  socket.setNoDelay(true)
  return {
    async send(texts) {
      const statuses: number[] = []
      let rest = ''
      socket.write(texts.join(''), 'latin1')
      while (statuses.length < texts.length) {
        const [chunk] = await once(socket, 'data')
        rest += chunk.toString('latin1')
        for (const [, status] of rest.matchAll(/HTTP\/1\.1 (\d{3}) /g))
          statuses.push(Number(status))
        // A status line may be cut in two.
        rest = rest.slice(Math.max(rest.lastIndexOf('HTTP/1.1 ') + 13, rest.length - 12))
      }
      return statuses
    },
    close: () => void socket.destroy(),
  }
}
