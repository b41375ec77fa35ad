// The hook of a sign-in button: starts it, says when the page is leaving, and what went wrong.
import type { LoginOptions } from '@token-handler/client'
import { useCallback } from 'react'
import { useTokenHandlerContext } from './context.ts'
import { useDeparture } from './use-departure.ts'
import type { Departure } from './use-departure.ts'

/** What {@link useLogin} gives: `status` is `pending` while the page leaves, and `failed` with an `error`. */
export type Login = Departure & {
  /** Starts a sign-in. Never throws: what goes wrong is in `error`. */
  readonly login: (options?: LoginOptions) => void
}

/**
 * Signing in, as a button needs it.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 * @see `login` of the client, for the error codes
 *
 * @example
 * import { useLogin } from '@token-handler/react'
 *
 * export function SignIn() {
 *   const { login, status, error } = useLogin()
 *   return (
 *     <>
 *       <button disabled={status === 'pending'} onClick={() => login()}>
 *         Sign in
 *       </button>
 *       {error && <p role="alert">{error.message}</p>}
 *     </>
 *   )
 * }
 */
export function useLogin(): Login {
  const { client } = useTokenHandlerContext('useLogin()')
  const [departure, begin] = useDeparture(client)
  const login = useCallback(
    (options?: LoginOptions) => begin(() => client.login(options)),
    [begin, client],
  )
  return { ...departure, login }
}
