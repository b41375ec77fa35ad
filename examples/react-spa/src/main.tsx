// Starts the app in the browser: the session first, then the router.
import { recordTrace } from '@token-handler/react/devtools'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createBrowserRouter } from 'react-router'
import { App } from './app.tsx'
import { coverRestoredPage } from './cover-restored-page.ts'
import { createQueryClient } from './query-client.ts'
import { createRoutes } from './routes.tsx'
import { createTokenHandler } from './token-handler.ts'
import './styles/index.css'

const client = createTokenHandler()
recordTrace(client)
// Takes code and state out of the address bar before the router reads it.
void client.load()
coverRestoredPage(client)

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no element with the id "root".')
createRoot(root).render(
  <StrictMode>
    <App
      client={client}
      queryClient={createQueryClient(client)}
      router={createBrowserRouter(createRoutes(client))}
    />
  </StrictMode>,
)
