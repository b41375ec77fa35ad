import { useSession, useTokenHandler } from '@token-handler/react'
import { useState } from 'react'

export function App() {
  const session = useSession()
  const { login } = useTokenHandler()
  const [problem, setProblem] = useState('')
  const signIn = () =>
    login().catch((error: unknown) => setProblem(error instanceof Error ? error.message : 'Failed'))

  if (session.status === 'loading') return <p>One moment…</p>
  if (session.status === 'authenticated') return <Account name={String(session.claims.name)} />
  return (
    <main>
      <h1>Orders</h1>
      {session.status === 'error' && <p role="alert">{session.error.message}</p>}
      {problem !== '' && <p role="alert">{problem}</p>}
      <button onClick={signIn}>Sign in</button>
    </main>
  )
}

function Account({ name }: { name: string }) {
  const { fetch, logout } = useTokenHandler()
  const [orders, setOrders] = useState('')
  async function loadOrders() {
    const response = await fetch('/api/orders')
    setOrders(await response.text())
  }
  return (
    <main>
      <h1>Hello {name}</h1>
      <button onClick={loadOrders}>Load my orders</button>
      <button onClick={() => logout()}>Sign out</button>
      <pre>{orders}</pre>
    </main>
  )
}
