// The guard for what only a signed-in user may see.
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { useTokenHandlerContext } from './context.ts'
import type { AuthenticatedSession } from './register.ts'
import { useSession } from './use-session.ts'
import { WithoutSession } from './without-session.tsx'
import type { WithoutSessionProps } from './without-session.tsx'

/** Props of {@link RequireSession}. */
export interface RequireSessionProps extends WithoutSessionProps {
  /** Shown when signed in. A function receives the session, so its claims need no further check. */
  readonly children: ReactNode | ((session: AuthenticatedSession) => ReactNode)
  /**
   * Called when the session ends by itself while the guard is on the page, to save what the user was typing
   * for instance.
   */
  readonly onExpired?: (() => void) | undefined
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
 *   <RequireSession signIn loading={<p>One moment…</p>}>
 *     {({ claims }) => <p>Signed in as {String(claims['name'])}</p>}
 *   </RequireSession>
 * )
 */
export function RequireSession(props: RequireSessionProps): ReactNode {
  const { children, onExpired, ...rest } = props
  const { client } = useTokenHandlerContext('<RequireSession>')
  const session = useSession()
  useEffect(() => onExpired && client.on('sessionExpired', onExpired), [client, onExpired])
  if (session.status !== 'authenticated') return <WithoutSession session={session} {...rest} />
  return typeof children === 'function' ? children(session) : children
}
