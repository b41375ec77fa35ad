// Keeping the list of orders in step with the API while the page is visible.
import { useQueryClient } from '@tanstack/react-query'
import { useTokenHandler } from '@token-handler/react'
import { useEffect, useState } from 'react'
import { followOrders } from './follow-orders.ts'
import type { LiveState } from './follow-orders.ts'
import { ordersKey } from './orders-queries.ts'

const RETRY_DELAY = 3_000

/** Follows the orders; returns how the connection is. */
export function useLiveOrders(): LiveState {
  const { fetch } = useTokenHandler()
  const queryClient = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')

  useEffect(() => {
    let following = new AbortController()

    // A page that nobody sees needs no stream, and one with a stream is not kept for "back".
    function followWhileVisible(): void {
      following.abort()
      following = new AbortController()
      if (document.visibilityState === 'hidden') return
      void followOrders({
        fetch,
        signal: following.signal,
        retryDelay: RETRY_DELAY,
        onState: setState,
        onOrders: (orders) => {
          // An order on its way is read with the list as soon as it has arrived.
          if (queryClient.isMutating() === 0) queryClient.setQueryData(ordersKey, orders)
        },
      })
    }

    followWhileVisible()
    document.addEventListener('visibilitychange', followWhileVisible)
    return () => {
      document.removeEventListener('visibilitychange', followWhileVisible)
      following.abort()
    }
  }, [fetch, queryClient])

  return state
}
