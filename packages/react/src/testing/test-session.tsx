// The provider for tests of components: a session given, not found out.
import { useLayoutEffect, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import type { Session } from '../register.ts'
import { TokenHandlerProvider } from '../token-handler-provider.tsx'
import { createTestClient } from './test-client.ts'
import type { TestClientOverrides } from './test-client.ts'

/** Props of {@link TestSession}. */
export interface TestSessionProps {
  /** What the hooks below it see. Another value later is a change of the session. */
  readonly session: Session
  /** Methods of the client that the components call. Only the first value counts. */
  readonly client?: TestClientOverrides | undefined
  readonly children?: ReactNode
}

/**
 * Takes the place of `TokenHandlerProvider` in tests of components, in stories and in design systems:
 * hooks and guards below it work as in the app, and nothing asks a network.
 *
 * @example
 * import { TestSession } from '@token-handler/react/testing'
 *
 * export const Story = () => (
 *   <TestSession session={{ status: 'unauthenticated', reason: 'none' }}>
 *     <p>Orders</p>
 *   </TestSession>
 * )
 */
export function TestSession({ session, client, children }: TestSessionProps): ReactElement {
  const [test] = useState(() => createTestClient(session, client))
  useLayoutEffect(() => test.setSession(session), [test, session])
  return <TokenHandlerProvider client={test.client}>{children}</TokenHandlerProvider>
}
