// The agent and the orders API as this app's tests see them.
import { createMockAgent } from '@token-handler/mock-agent'
import { mswHandlers } from '@token-handler/mock-agent/msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Order } from '../src/orders-api.ts'
import { agentUrl, apiUrl } from '../src/settings.ts'

export const agent = createMockAgent({
  agentUrl,
  redirectUri: '/callback',
  users: {
    alice: { claims: { sub: 'alice', name: 'Alice Andersson', email: 'alice@example.com' } },
    bob: { claims: { sub: 'bob', name: 'Bob Bergström' } },
  },
})

const seeds: readonly Order[] = [
  { id: '1002', product: 'First Light', quantity: 2, orderedAt: '2026-02-03T17:40:00.000Z' },
  { id: '1001', product: 'Grinder', quantity: 1, orderedAt: '2026-01-12T08:15:00.000Z' },
]

/** The API's memory: Alice's orders, newest first, and whether it answers at all. */
export const api = { orders: [...seeds], isDown: false }

const outage = (): Response => Response.json({ error_code: 'upstream_error' }, { status: 502 })

agent.protect(`${apiUrl}/orders`, async ({ request, user }) => {
  if (api.isDown) return outage()
  if (request.method === 'GET') return Response.json({ orders: user === 'alice' ? api.orders : [] })
  const order: Order = {
    id: String(1001 + api.orders.length),
    orderedAt: '2026-03-01T10:00:00.000Z',
    ...(await request.json()),
  }
  api.orders = [order, ...api.orders]
  return Response.json(order, { status: 201 })
})

agent.protect(`${apiUrl}/orders/*`, ({ request }) => {
  if (api.isDown) return outage()
  const order = api.orders.find(({ id }) => request.url.endsWith(`/${id}`))
  return order ? Response.json(order) : Response.json({ error: 'not_found' }, { status: 404 })
})

const server = setupServer(...mswHandlers(agent))
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
afterEach(() => {
  agent.reset()
  api.orders = [...seeds]
  api.isDown = false
})
