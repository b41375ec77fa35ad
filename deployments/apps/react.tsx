// The same app in React.
import { TokenHandlerProvider, useSession, useTokenHandler } from '@token-handler/react'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { countOrders, createClient, goTo, settings } from './settings.ts'

function SignedIn({ name }: { readonly name: string }): ReactElement {
  const client = useTokenHandler()
  const [orders, setOrders] = useState('')
  async function showOrders(): Promise<void> {
    setOrders('One moment…')
    setOrders(await countOrders(client).catch((error: unknown) => String(error)))
  }
  return (
    <>
      <p>Signed in as {name}</p>
      <button onClick={() => void showOrders()}>Show orders</button>
      <button onClick={() => void client.logout()}>Sign out</button>
      <p>{orders}</p>
    </>
  )
}

function Account(): ReactElement {
  const session = useSession()
  const client = useTokenHandler()
  if (session.status === 'authenticated') return <SignedIn name={String(session.claims['name'])} />
  if (session.status === 'error') return <p>{session.error.message}</p>
  if (session.status === 'loading') return <p>One moment…</p>
  return (
    <>
      <p>Signed out</p>
      <button onClick={() => void client.login()}>Sign in</button>
    </>
  )
}

createRoot(document.body).render(
  <TokenHandlerProvider client={createClient()} onReturn={goTo}>
    <main>
      <h1>{settings.name}</h1>
      <Account />
      {settings.links.map(({ name, url }) => (
        <a key={url} href={url}>
          {name}
        </a>
      ))}
    </main>
  </TokenHandlerProvider>,
)
