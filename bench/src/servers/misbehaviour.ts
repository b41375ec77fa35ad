// Failing at random, in the ways that servers fail, and the same way in every run.
import type { IncomingMessage, ServerResponse } from 'node:http'

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

/** A generator of numbers below 1 that is good enough for this (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

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
