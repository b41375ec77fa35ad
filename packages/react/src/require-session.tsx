// The guard for what only a signed-in user may see.
import type { ReactNode } from 'react'
import type { AuthenticatedSession } from './register.ts'
import { useSession } from './use-session.ts'

/** Props of {@link RequireSession}. */
export interface RequireSessionProps {
  /** Shown when signed in. A function receives the session, so its claims need no further check. */
  readonly children: ReactNode | ((session: AuthenticatedSession) => ReactNode)
  /**
   * Shown when nobody is signed in, or when that could not be found out; `useSession()` inside it
   * tells which, and why.
   */
  readonly fallback?: ReactNode
  /** Shown while it is not known yet. Default: nothing. */
  readonly loading?: ReactNode
}

/**
 * Renders its children for a signed-in user only. While the session is loading it shows neither them
 * nor the fallback, so nothing flashes. This is about what people see: the API guards the data.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 */
export function RequireSession({ children, fallback, loading }: RequireSessionProps): ReactNode {
  const session = useSession()
  if (session.status === 'loading') return loading
  if (session.status !== 'authenticated') return fallback
  return typeof children === 'function' ? children(session) : children
}
