// What a guard shows when there is no session, or none yet, and the sign-in that it may start.
import type { LoginOptions } from '@token-handler/client'
import { useCallback, useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTokenHandlerContext } from './context.ts'
import type { Session } from './register.ts'
import { SessionError } from './session-error.tsx'
import { useLogin } from './use-login.ts'

/** The part of a guard's props that is about being signed out. */
export interface WithoutSessionProps {
  /** Shown when there is no session. Default: nothing, and with `signIn` a button to sign in. */
  readonly fallback?: ReactNode
  /** Shown while it is not known yet, and while the page leaves for a sign-in. Default: nothing. */
  readonly loading?: ReactNode
  /**
   * Shown when the agent could not be asked, or a sign-in failed: neither means that the user is signed
   * out. `retry` tries again what has failed. Default: a `SessionError`.
   */
  readonly error?: ReactNode | ((error: Error, retry: () => void) => ReactNode)
  /**
   * Signs in by itself when there is no session, once; `{ parameters: … }` says how. Not in a page where
   * the user has just signed out, nor again for one who came back without having signed in: they see the fallback.
   * @default false
   */
  readonly signIn?: boolean | LoginOptions | undefined
}

interface Props extends WithoutSessionProps {
  readonly session: Exclude<Session, { readonly status: 'authenticated' }>
}

/** Shows which of the three it is, and signs in when that is due. */
export function WithoutSession({ session, fallback, loading, error, signIn }: Props): ReactNode {
  const { client } = useTokenHandlerContext('<RequireSession>')
  const { login, status, error: loginError } = useLogin()
  const isDue =
    Boolean(signIn) &&
    status === 'idle' &&
    session.status === 'unauthenticated' &&
    session.reason !== 'signed-out'
  const begin = useCallback(
    () => login(typeof signIn === 'object' ? signIn : undefined),
    [login, signIn],
  )
  useEffect(() => {
    if (isDue) begin()
  }, [isDue, begin])

  if (session.status === 'loading' || status === 'pending' || isDue) return loading
  const failure = loginError ?? (session.status === 'error' ? session.error : undefined)
  if (failure) {
    const isUnanswered = session.status === 'error' && session.error.operation === 'session'
    const retry = (): void => (isUnanswered ? void client.load() : begin())
    if (typeof error === 'function') return error(failure, retry)
    return error === undefined ? <SessionError error={failure} retry={retry} /> : error
  }
  if (!signIn || fallback !== undefined) return fallback
  return (
    <button type="button" onClick={begin}>
      Sign in
    </button>
  )
}
