// A switch in front of a server: whether it answers, and how badly.
import type { RequestListener } from 'node:http'

/** Every state a server can be put into. */
export const availabilities = ['up', 'down', 'slow', 'error', 'nonsense'] as const

/**
 * How a server behaves.
 *
 * - `up`: as it should
 * - `down`: connections are cut without an answer
 * - `slow`: requests wait until the server is `up` again
 * - `error`: answers 500
 * - `nonsense`: answers 200 with a body that is not what it claims to be
 */
export type Availability = (typeof availabilities)[number]

/** The switch of one server. */
export interface Gate {
  readonly set: (availability: Availability) => void
  /** Puts the switch in front of a server's requests. */
  readonly guard: (listener: RequestListener) => RequestListener
}

/** Creates a switch; the server behind it is up. */
export function createGate(): Gate {
  let availability: Availability = 'up'
  let waiting: (() => void)[] = []

  return {
    set(next) {
      availability = next
      if (next !== 'up') return
      const released = waiting
      waiting = []
      for (const release of released) release()
    },
    guard: (listener) => (request, response) => {
      switch (availability) {
        case 'up':
          return listener(request, response)
        case 'down':
          return request.socket.destroy()
        case 'slow':
          return waiting.push(() => {
            if (!request.socket.destroyed) listener(request, response)
          })
        case 'error':
          return response.writeHead(500, { 'content-type': 'text/plain' }).end('out of order')
        case 'nonsense':
          return response
            .writeHead(200, { 'content-type': 'application/json' })
            .end('<p>This is not JSON</p>')
      }
    },
  }
}
