// TanStack Query over the token handler: what is retried, and when the cache is forgotten.
import { QueryClient } from '@tanstack/react-query'
import { isTokenHandlerError } from '@token-handler/client'
import { isApiError } from './orders-api.ts'
import type { AppClient } from './token-handler.ts'

/** Whether the same request may succeed when it is simply sent again. */
export function isRetryable(error: unknown): boolean {
  if (isTokenHandlerError(error)) return error.retryable
  if (isApiError(error)) return error.status >= 500
  return true
}

/**
 * Creates the cache of everything the API answered. It is emptied when the session ends, and before
 * another user is seen, so that nobody sees anything of the last one.
 *
 * @param retryDelay - milliseconds before the one retry
 */
export function createQueryClient(client: AppClient, retryDelay = 800): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && isRetryable(error),
        retryDelay,
        staleTime: 10_000,
      },
      mutations: { networkMode: 'always' },
    },
  })
  client.on('userChanged', () => queryClient.clear())
  client.on('signedOut', () => queryClient.clear())
  client.on('sessionExpired', () => queryClient.clear())
  return queryClient
}
