// Takes the page over, with the session that it was rendered with.
import type { Session } from '@token-handler/react'
import { hydrateRoot } from 'react-dom/client'
import { HybridPage } from './hybrid-page.tsx'
import { countOrders, createClient } from './settings.ts'

declare global {
  interface Window {
    /** What hydration complained of. */
    complaints: string[]
    /** What the page showed of the session, in order. */
    shown: string[]
  }
}

window.complaints = []
window.shown = []
const client = createClient()
const text = document.querySelector('#session')?.textContent ?? ''
const initialSession = JSON.parse(text) as Session
const root = document.querySelector('#root')
if (root === null) throw new Error('The page has no root.')

async function showOrders(): Promise<void> {
  const place = document.querySelector('#orders')
  if (place !== null) place.textContent = await countOrders(client)
}

const { pathname } = location
if (pathname === '/callback') {
  const { returnTo = '/' } = await client.load()
  // The page that the user wanted is for the server to render, from a navigation of this site.
  location.replace(returnTo)
} else {
  hydrateRoot(
    root,
    <HybridPage
      client={client}
      initialSession={initialSession}
      onShowOrders={() => void showOrders()}
      onShow={(status) => {
        if (window.shown.at(-1) !== status) window.shown.push(status)
      }}
    />,
    { onRecoverableError: (error) => window.complaints.push(String(error)) },
  )
}
