// The orders API, called through the OAuth Proxy with the client's `fetch`.
import type { Fetch } from '@token-handler/client'
import * as z from 'zod/mini'
import { apiUrl } from './settings.ts'

const order = z.object({
  id: z.string(),
  product: z.string(),
  quantity: z.number(),
  /** ISO 8601. */
  orderedAt: z.string(),
})

/** An order as the API stores it. */
export type Order = z.infer<typeof order>

/** What the API needs to know to place an order; messages are shown beside the fields. */
export const newOrder = z.object({
  product: z.string().check(z.minLength(1, 'Choose a coffee.')),
  quantity: z.coerce
    .number('Say how many bags.')
    .check(
      z.int('Say how many bags, in whole numbers.'),
      z.gte(1, 'Order at least one bag.'),
      z.lte(99, 'Order at most 99 bags at a time.'),
    ),
})

/** An order that is not placed yet. */
export type NewOrder = z.infer<typeof newOrder>

/** The API answered, but not with what was asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number

  constructor(status: number) {
    super(`The orders API answered ${status}.`)
    this.status = status
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError

const ordersUrl = `${apiUrl.replace(/\/$/, '')}/orders`
/** A list of orders, as the API sends it. */
export const ordersSchema = z.object({ orders: z.array(order) })

async function readJson<T extends z.ZodMiniType>(
  response: Response,
  schema: T,
): Promise<z.output<T>> {
  if (!response.ok) throw new ApiError(response.status)
  return schema.parse(await response.json())
}

/** All orders of the signed-in user, newest first. */
export async function listOrders(fetch: Fetch, signal: AbortSignal): Promise<Order[]> {
  return (await readJson(await fetch(ordersUrl, { signal }), ordersSchema)).orders
}

/** One order of the signed-in user; `undefined` when there is none with this id. */
export async function getOrder(
  fetch: Fetch,
  id: string,
  signal: AbortSignal,
): Promise<Order | undefined> {
  const response = await fetch(`${ordersUrl}/${encodeURIComponent(id)}`, { signal })
  return response.status === 404 ? undefined : readJson(response, order)
}

/** Places an order. */
export async function createOrder(fetch: Fetch, draft: NewOrder): Promise<Order> {
  const response = await fetch(ordersUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(draft),
  })
  return readJson(response, order)
}

/** Cancels an order; one that is gone already counts as cancelled. */
export async function cancelOrder(fetch: Fetch, id: string): Promise<void> {
  const response = await fetch(`${ordersUrl}/${encodeURIComponent(id)}`, { method: 'DELETE' })
  if (!response.ok && response.status !== 404) throw new ApiError(response.status)
}
