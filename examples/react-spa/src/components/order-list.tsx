// The list of orders in its states: loading, failed, empty, full, and with one on its way.
import type { ReactElement } from 'react'
import { Link } from 'react-router'
import { findCoffee } from '../catalogue.ts'
import { formatBags, formatDate, formatTotal } from '../format-order.ts'
import type { NewOrder, Order } from '../orders-api.ts'
import { useOrders } from '../orders-queries.ts'
import { CoffeeBag } from './coffee-bag.tsx'
import { LoadingRows } from './loading-rows.tsx'
import { Notice } from './notice.tsx'
import { QueryError } from './query-error.tsx'

interface OrderListProps {
  /** An order that was sent and not confirmed yet. */
  readonly pending: NewOrder | undefined
}

export function OrderList({ pending }: OrderListProps): ReactElement {
  const query = useOrders()
  if (query.isPending) return <LoadingRows label="Loading your orders…" rows={3} />
  if (query.isError) return <QueryError query={query} />
  if (query.data.length === 0 && pending === undefined) {
    return (
      <Notice title="No orders yet">
        <p>Choose a coffee and we will roast it for you on Tuesday.</p>
      </Notice>
    )
  }
  return (
    <ul className="orders" aria-label="Orders">
      {pending && <PendingRow order={pending} />}
      {query.data.map((order) => (
        <OrderRow key={order.id} order={order} />
      ))}
    </ul>
  )
}

/** What the order costs, when that is known. */
function Total({ order }: { readonly order: NewOrder }): ReactElement | null {
  const total = formatTotal(order)
  return total === undefined ? null : <p className="order-total">{total}</p>
}

function OrderRow({ order }: { readonly order: Order }): ReactElement {
  return (
    <li className="order">
      <CoffeeBag coffee={findCoffee(order.product)} size={48} />
      <div>
        <p className="order-name">
          <Link to={`/orders/${encodeURIComponent(order.id)}`}>{order.product}</Link>
        </p>
        <p className="order-note">
          {formatBags(order.quantity)}, ordered on {formatDate(order.orderedAt)}
        </p>
      </div>
      <Total order={order} />
    </li>
  )
}

function PendingRow({ order }: { readonly order: NewOrder }): ReactElement {
  return (
    <li className="order order-pending">
      <CoffeeBag coffee={findCoffee(order.product)} size={48} />
      <div>
        <p className="order-name">{order.product}</p>
        <p className="order-note">{formatBags(order.quantity)}, being sent…</p>
      </div>
      <Total order={order} />
    </li>
  )
}
