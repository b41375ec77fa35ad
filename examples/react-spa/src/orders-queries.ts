// The orders as components use them: read from the cache, kept fresh, written with one mutation.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { useTokenHandler } from '@token-handler/react'
import { cancelOrder, createOrder, getOrder, listOrders } from './orders-api.ts'
import type { NewOrder, Order } from './orders-api.ts'

/** Where the list of orders is in the cache. */
export const ordersKey = ['orders'] as const

/** The user's orders. */
export function useOrders(): UseQueryResult<Order[]> {
  const { fetch } = useTokenHandler()
  return useQuery({
    queryKey: ordersKey,
    queryFn: ({ signal }) => listOrders(fetch, signal),
  })
}

/** One order; `null` when the user has none with this id. */
export function useOrder(id: string): UseQueryResult<Order | null> {
  const { fetch } = useTokenHandler()
  return useQuery({
    queryKey: [...ordersKey, id],
    // TanStack Query takes `undefined` for a mistake.
    queryFn: async ({ signal }) => (await getOrder(fetch, id, signal)) ?? null,
  })
}

/** Places an order; it counts as pending until the list has been read again. */
export function useCreateOrder(): UseMutationResult<Order, Error, NewOrder> {
  const { fetch } = useTokenHandler()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (draft: NewOrder) => createOrder(fetch, draft),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ordersKey }),
  })
}

/** Cancels an order. Fails with `step_up_required` when the sign-in was too long ago. */
export function useCancelOrder(id: string): UseMutationResult<void, Error, void> {
  const { fetch } = useTokenHandler()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => cancelOrder(fetch, id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ordersKey, exact: true }),
  })
}
