// The world this app lives in, as its tests see it: a mock agent, and an orders API behind the mock's proxy.
import { createMockAgent } from '@token-handler/mock-agent'
import type { MockAgent, MockAgentOptions } from '@token-handler/mock-agent'
import type { Order } from '../src/orders-api.ts'
import { agentUrl, apiUrl } from '../src/settings.ts'

const users = {
  alice: { claims: { sub: 'alice', name: 'Alice Andersson', email: 'alice@example.com' } },
  bob: { claims: { sub: 'bob', name: 'Bob Bergström' } },
} as const

const seeds: readonly Order[] = [
  { id: '1002', product: 'First Light', quantity: 2, orderedAt: '2026-02-03T17:40:00.000Z' },
  { id: '1001', product: 'Grinder', quantity: 1, orderedAt: '2026-01-12T08:15:00.000Z' },
]

/** The API's memory: Alice's orders, newest first, and how it is doing. */
export interface OrdersApi {
  orders: Order[]
  /** `forbidden`: it lets nobody see any order. */
  mood: 'fine' | 'down' | 'forbidden'
}

/** A mock agent and the API behind it. */
export interface Shop {
  readonly agent: MockAgent<typeof users>
  readonly api: OrdersApi
  /** Back to the start. */
  readonly reset: () => void
}

/** Opens a shop whose customers are Alice, with two orders, and Bob, with none. */
export function createShop(
  options: Partial<Omit<MockAgentOptions<typeof users>, 'agentUrl' | 'users'>> = {},
): Shop {
  const agent = createMockAgent({ agentUrl, users, redirectUri: '/callback', ...options })
  const api: OrdersApi = { orders: [...seeds], mood: 'fine' }

  const refusal = (): Response | undefined => {
    if (api.mood === 'down') return Response.json({ error_code: 'upstream_error' }, { status: 502 })
    if (api.mood === 'forbidden') return Response.json({ error: 'forbidden' }, { status: 403 })
    return undefined
  }

  agent.protect(`${apiUrl}/orders`, async ({ request, user }) => {
    const refused = refusal()
    if (refused !== undefined) return refused
    if (request.method === 'GET') {
      return Response.json({ orders: user === 'alice' ? api.orders : [] })
    }
    const order: Order = {
      id: String(1001 + api.orders.length),
      orderedAt: '2026-03-01T10:00:00.000Z',
      ...(await request.json()),
    }
    api.orders = [order, ...api.orders]
    return Response.json(order, { status: 201 })
  })

  agent.protect(`${apiUrl}/orders/*`, ({ request }) => {
    const order = api.orders.find(({ id }) => request.url.endsWith(`/${id}`))
    return (
      refusal() ??
      (order ? Response.json(order) : Response.json({ error: 'not_found' }, { status: 404 }))
    )
  })

  // A live feed that has nothing to say.
  agent.protect(`${apiUrl}/events`, () => {
    const headers = { 'content-type': 'text/event-stream' }
    return new Response(new ReadableStream(), { headers })
  })

  return {
    agent,
    api,
    reset: () => {
      agent.reset()
      api.orders = [...seeds]
      api.mood = 'fine'
    },
  }
}
