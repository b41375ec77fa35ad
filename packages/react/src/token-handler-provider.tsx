// The provider: one client for everything below it, loaded once.
import { useEffect, useInsertionEffect, useMemo, useRef, useState } from 'react'
import type { ReactElement, ReactNode } from 'react'
import { followSession } from './automatic-login.ts'
import { TokenHandlerContext } from './context.ts'
import { loadOnce } from './load-once.ts'
import type { OnReturn } from './load-once.ts'
import { findOwnClient, holdOwnClient } from './own-client.ts'
import type { OwnClientOptions } from './own-client.ts'
import type { RegisteredClient, Session } from './register.ts'

const loading: Session = Object.freeze({ status: 'loading' })

interface CommonProps {
  /**
   * What the server found out for this request: rendered there, while hydrating, and until the client
   * itself knew something for the first time. Only the first value counts. Default:
   * `{ status: 'loading' }`.
   */
  readonly initialSession?: Session | undefined
  /**
   * Called when this page load has ended a sign-in, with the path where the user wanted to be. Default:
   * with a client of the provider's own, puts it into the address bar; with `client`, nothing, since the app
   * or its router does it after its own `load()`.
   */
  readonly onReturn?: OnReturn | undefined
  readonly children?: ReactNode
}

/** Props of {@link TokenHandlerProvider}. */
export type TokenHandlerProviderProps = CommonProps &
  (
    | {
        /** From `createTokenHandlerClient`, created once, outside any component. */
        readonly client: RegisteredClient
        readonly options?: never
      }
    | {
        readonly client?: never
        /**
         * Of the client that the provider makes, and ends when it leaves the page. Only the first value counts.
         * Default: the agent at `/oauth-agent` and the APIs below `/api/`, on the page's own origin.
         */
        readonly options?: OwnClientOptions | undefined
      }
  )

const replaceUrl: OnReturn = (returnTo) => history.replaceState(history.state, '', returnTo)
const leaveToApp: OnReturn = () => {}

/**
 * Gives hooks and guards below it the client, and calls its `load()` after mounting, unless the session's
 * error is known already. `load` is memoised, so StrictMode, a remount or a router that awaited it before
 * cost no second agent call. Without `client` the provider makes one.
 *
 * @example
 * import { TokenHandlerProvider } from '@token-handler/react'
 *
 * export const App = () => (
 *   <TokenHandlerProvider options={{ callbackPath: '/callback' }}>
 *     <p>The app</p>
 *   </TokenHandlerProvider>
 * )
 */
export function TokenHandlerProvider(props: TokenHandlerProviderProps): ReactElement {
  const { client: given, children } = props
  const [initialSession] = useState(props.initialSession ?? loading)
  const [options] = useState(props.options)
  const client = useMemo(() => given ?? findOwnClient(options), [given, options])
  // Insertion effects last as long as the tree: in one that React hides, and under StrictMode.
  useInsertionEffect(() => (given ? undefined : holdOwnClient(client)), [given, client])
  const onReturn = useRef<OnReturn>(leaveToApp)
  useEffect(() => {
    onReturn.current = props.onReturn ?? (given ? leaveToApp : replaceUrl)
  })
  useEffect(() => {
    void loadOnce(client, (...place) => onReturn.current(...place))
  }, [client])
  useEffect(() => followSession(client), [client])
  const value = useMemo(() => ({ client, initialSession }), [client, initialSession])
  return <TokenHandlerContext.Provider value={value}>{children}</TokenHandlerContext.Provider>
}
