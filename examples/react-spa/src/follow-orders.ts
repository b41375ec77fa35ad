// Following the orders live, for as long as somebody looks.
import { isTokenHandlerError } from '@token-handler/client'
import type { Fetch } from '@token-handler/client'
import { ApiError, ordersSchema } from './orders-api.ts'
import type { Order } from './orders-api.ts'
import { readEventStream } from './read-event-stream.ts'
import { apiUrl } from './settings.ts'

/** How the live connection is. */
export type LiveState = 'connecting' | 'live' | 'waiting'

/** What {@link followOrders} needs. */
export interface FollowOrdersOptions {
  readonly fetch: Fetch
  readonly onOrders: (orders: Order[]) => void
  readonly onState: (state: LiveState) => void
  /** Ends it. */
  readonly signal: AbortSignal
  /** Milliseconds before another try. */
  readonly retryDelay: number
}

const eventsUrl = `${apiUrl.replace(/\/$/, '')}/events`

function pause(delay: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delay)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function readOrders({
  fetch,
  onOrders,
  onState,
  signal,
}: FollowOrdersOptions): Promise<void> {
  const response = await fetch(eventsUrl, { signal, headers: { accept: 'text/event-stream' } })
  if (!response.ok) throw new ApiError(response.status)
  onState('live')
  for await (const { event, data } of readEventStream(response)) {
    if (event === 'orders') onOrders(ordersSchema.parse(JSON.parse(data)).orders)
  }
}

/** Follows the orders until the signal aborts or the session is over; never rejects. */
export async function followOrders(options: FollowOrdersOptions): Promise<void> {
  const { onState, signal, retryDelay } = options
  while (!signal.aborted) {
    onState('connecting')
    try {
      await readOrders(options)
    } catch (error) {
      if (isTokenHandlerError(error) && !error.retryable) return
    }
    if (signal.aborted) return
    onState('waiting')
    await pause(retryDelay, signal)
  }
}
