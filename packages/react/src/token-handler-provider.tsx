// The provider: one client for everything below it, loaded once.
import { useEffect, useMemo, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { TokenHandlerContext } from './context.ts'
import { readSession } from './read-session.ts'
import type { RegisteredClient, Session } from './register.ts'

const loading: Session = Object.freeze({ status: 'loading' })

/** Props of {@link TokenHandlerProvider}. */
export interface TokenHandlerProviderProps {
  /** From `createTokenHandlerClient`, created once, outside any component. */
  readonly client: RegisteredClient
  /**
   * What the server found out for this request: rendered there, while hydrating, and until the client
   * itself knew something for the first time. Only the first value counts. Default:
   * `{ status: 'loading' }`.
   */
  readonly initialSession?: Session
  readonly children?: ReactNode
}

/**
 * Gives hooks and guards below it the client, and calls its `load()` after mounting. `load` is
 * memoised, so StrictMode, a remount or a router that awaited it before cost no second agent call.
 *
 * @example
 * import { createTokenHandlerClient } from '@token-handler/client'
 * import { TokenHandlerProvider } from '@token-handler/react'
 *
 * const tokenHandler = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })
 * export const App = () => (
 *   <TokenHandlerProvider client={tokenHandler}>
 *     <p>The app</p>
 *   </TokenHandlerProvider>
 * )
 */
export function TokenHandlerProvider(props: TokenHandlerProviderProps): ReactElement {
  const { client, children } = props
  const [initialSession] = useState(props.initialSession ?? loading)
  useEffect(() => {
    // Reading notes that the client has known something, also when no hook below reads.
    void client.load().then(() => readSession(client, loading))
  }, [client])
  const value = useMemo(() => ({ client, initialSession }), [client, initialSession])
  return <TokenHandlerContext.Provider value={value}>{children}</TokenHandlerContext.Provider>
}
