// Testing Library's `render`, with a session around what is rendered.
import { act, render } from '@testing-library/react'
import type { RenderOptions, RenderResult } from '@testing-library/react'
import type { ReactNode } from 'react'
import type { Session } from '../register.ts'
import { TokenHandlerProvider } from '../token-handler-provider.tsx'
import { createTestClient } from './test-client.ts'
import type { TestClientOverrides } from './test-client.ts'

/** Options of {@link renderWithSession}; besides its own, those of Testing Library's `render`. */
export interface RenderWithSessionOptions extends Omit<RenderOptions, 'queries'> {
  readonly session: Session
  /** Methods of the client that the components call. */
  readonly client?: TestClientOverrides | undefined
}

/** What `render` returns, and the hold on the session. */
export interface RenderWithSessionResult extends RenderResult {
  /** Changes the session, and returns when the change is on the screen. */
  readonly setSession: (session: Session) => void
}

/**
 * Renders for a test, with this session and without a network.
 *
 * @example
 * import { renderWithSession } from '@token-handler/react/testing'
 *
 * const { getByText } = renderWithSession(<p>Orders</p>, {
 *   session: { status: 'unauthenticated', reason: 'none' },
 * })
 * getByText('Orders')
 */
export function renderWithSession(
  node: ReactNode,
  { session, client, wrapper: Wrapper, ...options }: RenderWithSessionOptions,
): RenderWithSessionResult {
  const test = createTestClient(session, client)
  const wrapper = ({ children }: { readonly children: ReactNode }): ReactNode => (
    <TokenHandlerProvider client={test.client}>
      {Wrapper === undefined ? children : <Wrapper>{children}</Wrapper>}
    </TokenHandlerProvider>
  )
  const result: RenderResult = render(node, { ...options, wrapper })
  return { ...result, setSession: (next) => act(() => test.setSession(next)) }
}
