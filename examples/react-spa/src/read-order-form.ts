// What the order form says: an order, or what is wrong with each field.
import * as z from 'zod/mini'
import { newOrder } from './orders-api.ts'
import type { NewOrder } from './orders-api.ts'

/** What is wrong with each field, the most important first. */
export type OrderFormErrors = { readonly [Field in keyof NewOrder]?: readonly string[] }

export type OrderFormResult =
  | { readonly kind: 'valid'; readonly order: NewOrder }
  | { readonly kind: 'invalid'; readonly errors: OrderFormErrors }

export function readOrderForm(data: FormData): OrderFormResult {
  const result = newOrder.safeParse(Object.fromEntries(data))
  return result.success
    ? { kind: 'valid', order: result.data }
    : { kind: 'invalid', errors: z.flattenError(result.error).fieldErrors }
}
