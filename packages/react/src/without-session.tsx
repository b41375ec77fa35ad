// What a guard shows when there is no session, or none yet, and the sign-in that it may start.
import type { LoginOptions } from '@token-handler/client'
import { useCallback, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { mayLeave, whenActivated } from './automatic-login.ts'
import { useTokenHandlerContext } from './context.ts'
import type { RegisteredClient, Session } from './register.ts'
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
   * Signs in by itself when there is no session; `{ parameters: … }` says how. Once in a tab, until there was a
   * session: a user who came back without having signed in sees the fallback, and so does one who has signed out.
   * The tab's sessionStorage remembers it; where that is blocked, the fallback's button is the only way.
   * @default false
   */
  readonly signIn?: boolean | LoginOptions | undefined
}

interface Props extends WithoutSessionProps {
  readonly session: Exclude<Session, { readonly status: 'authenticated' }>
}

/**
 * Asks the agent again, which nobody wants more than a user who says so: `load()` tries again only what may pass.
 * What goes wrong is in the session.
 */
async function askAgain(client: RegisteredClient): Promise<void> {
  const loading = client.load()
  if (client.getSnapshot().status === 'error') await client.session().catch(() => {})
  await loading.catch(() => {})
}

/** Shows which of the three it is, and signs in when that is due. */
export function WithoutSession({ session, fallback, loading, error, signIn }: Props): ReactNode {
  const { client } = useTokenHandlerContext('<RequireSession>')
  const { login, status, error: loginError } = useLogin()
  const [isDeclined, setDeclined] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const isDue =
    Boolean(signIn) &&
    !isDeclined &&
    status === 'idle' &&
    session.status === 'unauthenticated' &&
    session.reason !== 'signed-out'
  const begin = useCallback(
    () => login(typeof signIn === 'object' ? signIn : undefined),
    [login, signIn],
  )
  useEffect(
    () =>
      isDue ? whenActivated(() => (mayLeave(client) ? begin() : setDeclined(true))) : undefined,
    [isDue, begin, client],
  )

  if (session.status === 'loading' || status === 'pending' || isDue || isAsking) return loading
  const failure = loginError ?? (session.status === 'error' ? session.error : undefined)
  if (failure) {
    const isUnanswered = session.status === 'error' && session.error.operation === 'session'
    const retry = (): void => {
      if (!isUnanswered) return begin()
      setAsking(true)
      void askAgain(client).then(() => setAsking(false))
    }
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
