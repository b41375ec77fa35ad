// Renders the page to HTML.
import { createTokenHandlerClient } from '@token-handler/client'
import type { Session } from '@token-handler/react'
import { renderToString } from 'react-dom/server'
import { HybridPage } from './hybrid-page.tsx'

// On a server it asks nobody and keeps nothing: one for all requests.
const client = createTokenHandlerClient({ agentUrl: 'https://agent.invalid/' })

export const render = (initialSession: Session): string =>
  renderToString(
    <HybridPage client={client} initialSession={initialSession} onShowOrders={() => {}} />,
  )
