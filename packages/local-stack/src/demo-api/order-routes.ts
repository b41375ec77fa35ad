// Listing, placing, cancelling and watching orders.
import { PassThrough } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { userOf } from './authentication.ts'
import type { OrderBook } from './orders.ts'
import { requireFreshSignIn } from './step-up.ts'

const newOrder = z.object({
  product: z.string().trim().min(1).max(100),
  quantity: z.int().min(1).max(999),
})

/** Often enough that nothing on the way takes the stream for dead. */
const HEARTBEAT_MS = 15_000

/** Seconds for which a sign-in is fresh enough to cancel an order. */
const CANCEL_MAX_AGE = 60

/**
 * Adds the routes of the orders.
 *
 * @param now - milliseconds since the epoch
 */
export function addOrderRoutes(api: FastifyInstance, orders: OrderBook, now: () => number): void {
  api.get('/orders', (request) => ({ orders: orders.list(userOf(request)) }))

  api.get<{ Params: { id: string } }>('/orders/:id', (request, reply) => {
    const order = orders.find(userOf(request), request.params.id)
    return order ?? reply.code(404).send({ error: 'not_found' })
  })

  api.post('/orders', (request, reply) => {
    const { data, error } = newOrder.safeParse(request.body)
    if (data === undefined) {
      const issues = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
      return reply.code(400).send({ error: 'invalid_request', issues })
    }
    const order = orders.add(userOf(request), data)
    return reply.code(201).header('location', `/orders/${order.id}`).send(order)
  })

  api.delete<{ Params: { id: string } }>(
    '/orders/:id',
    { onRequest: requireFreshSignIn(CANCEL_MAX_AGE, now) },
    (request, reply) => {
      const isCancelled = orders.cancel(userOf(request), request.params.id)
      return isCancelled ? reply.code(204).send() : reply.code(404).send({ error: 'not_found' })
    },
  )

  api.get('/events', (request, reply) => {
    const stream = new PassThrough()
    const sendOrders = (): void => {
      const data = JSON.stringify({ orders: orders.list(userOf(request)) })
      stream.write(`event: orders\ndata: ${data}\n\n`)
    }
    const heartbeat = setInterval(() => stream.write(': heartbeat\n\n'), HEARTBEAT_MS)
    const unwatch = orders.watch(userOf(request), sendOrders)
    stream.on('close', () => {
      clearInterval(heartbeat)
      unwatch()
    })
    sendOrders()
    return reply.type('text/event-stream').send(stream)
  })
}
