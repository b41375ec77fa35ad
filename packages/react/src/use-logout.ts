// The hook of a sign-out button: signs out, says when the page is leaving, and what went wrong.
import type { LogoutOptions } from '@token-handler/client'
import { useCallback } from 'react'
import { useTokenHandlerContext } from './context.ts'
import { useDeparture } from './use-departure.ts'
import type { Departure } from './use-departure.ts'

/** What {@link useLogout} gives: `status` is `pending` while the page leaves, and `failed` with an `error`. */
export type Logout = Departure & {
  /** Signs out. Never throws: what goes wrong is in `error`, and the user is still signed in. */
  readonly logout: (options?: LogoutOptions) => void
}

/**
 * Signing out, as a button needs it.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 * @see `logout` of the client, for the error codes
 *
 * @example
 * import { useLogout } from '@token-handler/react'
 *
 * export function SignOut() {
 *   const { logout, status, error } = useLogout()
 *   return (
 *     <>
 *       <button disabled={status === 'pending'} onClick={() => logout()}>
 *         Sign out
 *       </button>
 *       {error && <p role="alert">You are still signed in: {error.message}</p>}
 *     </>
 *   )
 * }
 */
export function useLogout(): Logout {
  const { client } = useTokenHandlerContext('useLogout()')
  const [departure, begin] = useDeparture(client)
  const logout = useCallback(
    (options?: LogoutOptions) => begin(() => client.logout(options)),
    [begin, client],
  )
  return { ...departure, logout }
}
