// Numbers and dates of an order, as people write them.
import { findCoffee, formatPrice } from './catalogue.ts'
import type { NewOrder } from './orders-api.ts'

const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })

export const formatDate = (iso: string): string => dates.format(new Date(iso))

export const formatBags = (quantity: number): string =>
  quantity === 1 ? '1 bag' : `${quantity} bags`

/** What the order costs today; unknown for a coffee that is no longer on sale. */
export function formatTotal(order: NewOrder): string | undefined {
  const coffee = findCoffee(order.product)
  return coffee && formatPrice(coffee.price * order.quantity)
}
