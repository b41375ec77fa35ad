// The user's orders and the form for a new one.
import type { ReactElement } from 'react'
import { OrderForm } from '../components/order-form.tsx'
import { OrderList } from '../components/order-list.tsx'
import { Page } from '../components/page.tsx'
import { SessionGate } from '../components/session-gate.tsx'
import { useCreateOrder } from '../orders-queries.ts'

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
  return (
    <div className="columns">
      <OrderList pending={createOrder.isPending ? createOrder.variables : undefined} />
      <OrderForm createOrder={createOrder} />
    </div>
  )
}
