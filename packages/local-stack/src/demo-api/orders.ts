// The orders of every user, in memory, and notifying the streams that watch them.

/** An order, as the API shows it. */
export interface Order {
  readonly id: string
  readonly product: string
  readonly quantity: number
  /** ISO 8601. */
  readonly orderedAt: string
}

/** What a user says to order something. */
export type NewOrder = Pick<Order, 'product' | 'quantity'>

/** Orders by user. */
export interface OrderBook {
  /** Newest first. */
  readonly list: (user: string) => readonly Order[]
  readonly find: (user: string, id: string) => Order | undefined
  readonly add: (user: string, order: NewOrder) => Order
  /** Whether there was such an order. */
  readonly cancel: (user: string, id: string) => boolean
  /** Calls back after every change of a user's orders; returns what ends that. */
  readonly watch: (user: string, listener: () => void) => () => void
}

const seeds: Readonly<Record<string, readonly Omit<Order, 'id'>[]>> = {
  alice: [
    { product: 'Autumn Storm', quantity: 1, orderedAt: '2026-01-12T08:15:00.000Z' },
    { product: 'First Light', quantity: 3, orderedAt: '2026-02-03T17:40:00.000Z' },
    { product: 'Polar Night', quantity: 2, orderedAt: '2026-02-21T11:05:00.000Z' },
  ],
  bob: [
    { product: 'Drift Ice', quantity: 1, orderedAt: '2026-01-30T19:22:00.000Z' },
    { product: 'Harbour Decaf', quantity: 2, orderedAt: '2026-02-14T09:10:00.000Z' },
  ],
}

/**
 * Creates an order book that knows a few orders already.
 *
 * @param now - milliseconds since the epoch
 */
export function createOrderBook(now: () => number): OrderBook {
  const books = new Map<string, Order[]>()
  const watchers = new Set<readonly [user: string, listener: () => void]>()
  let nextId = 1001

  function record(user: string, order: Omit<Order, 'id'>): Order {
    const recorded = { id: String(nextId++), ...order }
    books.set(user, [recorded, ...(books.get(user) ?? [])])
    return recorded
  }
  for (const [user, orders] of Object.entries(seeds)) {
    for (const order of orders) record(user, order)
  }

  function tellWatchers(user: string): void {
    for (const [watched, listener] of watchers) if (watched === user) listener()
  }

  return {
    list: (user) => books.get(user) ?? [],
    find: (user, id) => books.get(user)?.find((order) => order.id === id),
    add(user, { product, quantity }) {
      const orderedAt = new Date(now()).toISOString()
      const order = record(user, { product, quantity, orderedAt })
      tellWatchers(user)
      return order
    },
    cancel(user, id) {
      const orders = books.get(user) ?? []
      const others = orders.filter((order) => order.id !== id)
      if (others.length === orders.length) return false
      books.set(user, others)
      tellWatchers(user)
      return true
    },
    watch(user, listener) {
      const watcher = [user, listener] as const
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
  }
}
