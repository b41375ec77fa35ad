// The user's orders and the form for a new one.
import type { ReactElement } from 'react'
import { LiveBadge } from '../components/live-badge.tsx'
import { OrderForm } from '../components/order-form.tsx'
import { OrderList } from '../components/order-list.tsx'
import { Page } from '../components/page.tsx'
import { SessionGate } from '../components/session-gate.tsx'
import { useCreateOrder } from '../orders-queries.ts'
import { useLiveOrders } from '../use-live-orders.ts'

export function OrdersPage(): ReactElement {
  return (
    <Page title="Your orders" lead="We roast on Tuesdays and deliver on Thursdays.">
      <SessionGate>
        <OrdersDesk />
      </SessionGate>
    </Page>
  )
}

function OrdersDesk(): ReactElement {
  const createOrder = useCreateOrder()
  const live = useLiveOrders()
  return (
    <div className="columns">
      <div>
        <LiveBadge state={live} />
        <OrderList pending={createOrder.isPending ? createOrder.variables : undefined} />
      </div>
      <OrderForm createOrder={createOrder} />
    </div>
  )
}
