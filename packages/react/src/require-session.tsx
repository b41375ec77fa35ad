// The guard for what only a signed-in user may see.
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTokenHandlerContext } from './context.ts'
import type { AuthenticatedSession } from './register.ts'
import { useSession } from './use-session.ts'

/** Props of {@link RequireSession}. */
export interface RequireSessionProps {
  /** Shown when signed in. A function receives the session, so its claims need no further check. */
  readonly children: ReactNode | ((session: AuthenticatedSession) => ReactNode)
  /**
   * Shown when there is no session, or when the agent could not be asked; `useSession()` inside it
   * says which, and why.
   */
  readonly fallback?: ReactNode
  /** Shown while it is not known yet. Default: nothing. */
  readonly loading?: ReactNode
  /**
   * Called when the session ends by itself while the guard is on the page, e.g. to sign in again at
   * once: `onExpired={() => void tokenHandler.login()}`.
   */
  readonly onExpired?: () => void
}

/**
 * Renders its children for a signed-in user only. While the session is loading it shows neither them
 * nor the fallback, so nothing flashes. This is about what people see: the API guards the data.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 *
 * @example
 * import { RequireSession } from '@token-handler/react'
 *
 * export const Account = () => (
 *   <RequireSession fallback={<p>Please sign in.</p>}>
 *     {({ claims }) => <p>Signed in as {String(claims['name'])}</p>}
 *   </RequireSession>
 * )
 */
export function RequireSession(props: RequireSessionProps): ReactNode {
  const { children, fallback, loading, onExpired } = props
  const { client } = useTokenHandlerContext('<RequireSession>')
  const session = useSession()
  useEffect(() => onExpired && client.on('sessionExpired', onExpired), [client, onExpired])
  if (session.status === 'loading') return loading
  if (session.status !== 'authenticated') return fallback
  return typeof children === 'function' ? children(session) : children
}
