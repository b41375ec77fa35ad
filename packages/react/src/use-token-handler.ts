// The hook for what an app does: sign in, sign out, call APIs.
import { useTokenHandlerContext } from './context.ts'
import type { RegisteredClient } from './register.ts'

/**
 * The client of the nearest provider, for `login`, `logout`, `fetch` and events. It never changes
 * with the session, so a component that uses only this hook never re-renders because of it.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 *
 * @example
 * import { useTokenHandler } from '@token-handler/react'
 *
 * export function useSignOut(): () => Promise<void> {
 *   const { logout } = useTokenHandler()
 *   return () => logout()
 * }
 */
export function useTokenHandler(): RegisteredClient {
  return useTokenHandlerContext('useTokenHandler()').client
}
