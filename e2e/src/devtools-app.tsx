// A small app with the devtools on it, in development.
import { createTokenHandlerClient } from '@token-handler/client'
import { TokenHandlerProvider, useTokenHandler } from '@token-handler/react'
import { TokenHandlerDevtools } from '@token-handler/react/devtools'
import type { ReactElement } from 'react'
import { createRoot } from 'react-dom/client'

const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })

function App(): ReactElement {
  const { fetch } = useTokenHandler()
  return (
    <main>
      <h1>The app</h1>
      <button type="button" onClick={() => void fetch('/api/orders?secret=query')}>
        Load orders
      </button>
    </main>
  )
}

const root = document.querySelector('#root')
if (root === null) throw new Error('There is no element with the id "root".')
createRoot(root).render(
  <TokenHandlerProvider client={client}>
    <App />
    <TokenHandlerDevtools />
  </TokenHandlerProvider>,
)
