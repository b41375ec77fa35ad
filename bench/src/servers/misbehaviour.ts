// Failing at random, in the ways that servers fail, and the same way in every run.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRandom } from '../../../packages/reference-handler/test/support/random.ts'

/** Each does to a request what makes it fail. */
const misbehaviours: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
  (request) => request.socket.destroy(),
  (_request, response) => response.writeHead(500).end('{"error":"out_of_order"}'),
  (_request, response) => response.writeHead(200, { 'content-length': 10 }).end('<p>no</p>\n'),
  (_request, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('{"half":', () => response.destroy())
  },
  // Never answers, so that others run out of patience.
  () => {},
]

/**
 * Creates what makes a share of requests fail.
 *
 * @param rate - between 0 and 1
 * @returns whether the request has been dealt with
 */
export function createMisbehaviour(
  rate: number,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const random = createRandom(1)
  return (request, response) => {
    if (random() >= rate) return false
    misbehaviours[Math.floor(random() * misbehaviours.length)]?.(request, response)
    return true
  }
}
