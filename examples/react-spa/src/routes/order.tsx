// One order, at an address that can be kept and shared.
import type { ReactElement } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { CancelOrder } from '../components/cancel-order.tsx'
import { CoffeeBag } from '../components/coffee-bag.tsx'
import { FactList } from '../components/fact-list.tsx'
import { LoadingRows } from '../components/loading-rows.tsx'
import { Notice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { QueryError } from '../components/query-error.tsx'
import { SessionGate } from '../components/session-gate.tsx'
import { findCoffee } from '../catalogue.ts'
import { formatDate, formatTotal } from '../format-order.ts'
import { useOrder } from '../orders-queries.ts'

export function OrderPage(): ReactElement {
  const { id = '' } = useParams()
  return (
    <Page title={`Order ${id}`}>
      <SessionGate>
        <Link className="back-link" to="/orders">
          ← All orders
        </Link>
        <OrderDetail id={id} />
      </SessionGate>
    </Page>
  )
}

function OrderDetail({ id }: { readonly id: string }): ReactElement {
  const query = useOrder(id)
  const navigate = useNavigate()
  if (query.isPending) return <LoadingRows label="Loading the order…" rows={2} />
  if (query.isError) return <QueryError query={query} />
  const order = query.data
  if (order === null) {
    return (
      <Notice title="There is no such order">
        <p>It may belong to somebody else, or it was cancelled.</p>
      </Notice>
    )
  }
  const coffee = findCoffee(order.product)
  return (
    <article className="card detail">
      <div className="coffee-picture">
        <CoffeeBag coffee={coffee} size={120} />
      </div>
      <FactList
        facts={[
          ['Coffee', order.product],
          ['Origin', coffee?.origin ?? 'No longer on sale'],
          ['Bags of 250 g', String(order.quantity)],
          ['Total', formatTotal(order) ?? 'On the invoice'],
          ['Ordered', formatDate(order.orderedAt)],
        ]}
      />
      <CancelOrder id={id} onCancelled={() => void navigate('/orders')} />
    </article>
  )
}
