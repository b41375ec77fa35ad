// Following the orders live: for as long as it makes sense, and no longer.
import { TokenHandlerError } from '@token-handler/client'
import type { Fetch } from '@token-handler/client'
import { expect, test } from 'vitest'
import { followOrders } from '../src/follow-orders.ts'
import type { LiveState } from '../src/follow-orders.ts'

const order = { id: '1', product: 'Drift Ice', quantity: 2, orderedAt: '2026-01-01T00:00:00.000Z' }
const feed = (): Response =>
  new Response(`event: orders\ndata: ${JSON.stringify({ orders: [order] })}\n\n`)

/** Follows with these answers, one a try; the last one ends it. */
async function follow(...answers: readonly Fetch[]) {
  const ending = new AbortController()
  const states: LiveState[] = []
  const orders: unknown[] = []
  const rest = [...answers]
  await followOrders({
    fetch: async (...request) => {
      const answer = rest.shift()
      if (rest.length === 0) ending.abort()
      return answer === undefined ? Promise.reject(new Error('too often')) : answer(...request)
    },
    signal: ending.signal,
    retryDelay: 0,
    onState: (state) => states.push(state),
    onOrders: (list) => orders.push(...list),
  })
  return { states, orders, left: rest.length }
}

test('when the stream ends, or the API is down, it is tried again', async () => {
  const { states, orders } = await follow(
    async () => feed(),
    async () => new Response(null, { status: 502 }),
    async () => feed(),
  )
  expect(orders).toEqual([order, order])
  expect(states).toEqual([
    'connecting',
    'live',
    'waiting',
    'connecting',
    'waiting',
    'connecting',
    'live',
  ])
})

test('when the session is over, nothing is tried again', async () => {
  const { states, left } = await follow(
    () => Promise.reject(new TokenHandlerError('session_expired', '')),
    async () => feed(),
  )
  expect(states).toEqual(['connecting'])
  expect(left).toBe(1)
})
