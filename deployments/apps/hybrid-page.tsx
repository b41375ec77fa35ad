// A page that a server renders for whoever is signed in, and that the browser takes over.
import { TokenHandlerProvider, useSession, useTokenHandler } from '@token-handler/react'
import type { Session, TokenHandlerProviderProps } from '@token-handler/react'
import type { ReactElement } from 'react'

export interface HybridPageProps {
  readonly client: NonNullable<TokenHandlerProviderProps['client']>
  readonly initialSession: Session
  /** Asks the API. */
  readonly onShowOrders: () => void
  /** Hears what is shown of the session, at each render. */
  readonly onShow?: (status: string) => void
}

/** Where it is not known who is signed in, the place stays free: neither name nor button is shown and taken back. */
function Who({
  onShow,
  onShowOrders,
}: Pick<HybridPageProps, 'onShow' | 'onShowOrders'>): ReactElement {
  const session = useSession()
  onShow?.(session.status)
  const client = useTokenHandler()
  if (session.status === 'authenticated') {
    return (
      <>
        <p>Signed in as {String(session.claims['name'])}</p>
        <button onClick={onShowOrders}>Show orders</button>
        <button onClick={() => void client.logout()}>Sign out</button>
        <p id="orders" />
      </>
    )
  }
  if (session.status === 'loading') return <></>
  return (
    <>
      <p>Signed out</p>
      <button onClick={() => void client.login()}>Sign in</button>
    </>
  )
}

export function HybridPage({ client, ...props }: HybridPageProps): ReactElement {
  return (
    <TokenHandlerProvider client={client} initialSession={props.initialSession}>
      <main>
        <h1>Shop</h1>
        <p>Coffee for long winters, rendered on a server.</p>
        <div className="who">
          <Who {...props} />
        </div>
      </main>
    </TokenHandlerProvider>
  )
}
