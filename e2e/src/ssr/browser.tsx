// Hydrates the page in the browser.
import { createTokenHandlerClient } from '@token-handler/client'
import type { Session } from '@token-handler/react'
import { hydrateRoot } from 'react-dom/client'
import { Page } from './page.tsx'

declare global {
  interface Window {
    /** Set by the server in the page. */
    readonly scenario: {
      readonly initialSession?: Session
      readonly withAccount?: boolean
      /** Whether the session is known before React takes over, as with a router that awaits it. */
      readonly loadFirst: boolean
    }
    /** What the header showed, in order. */
    shown: string[]
  }
}

window.shown = []
const { initialSession, withAccount = false, loadFirst } = window.scenario
const client = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: [] })
if (loadFirst) await client.load()

hydrateRoot(
  document,
  <Page
    client={client}
    initialSession={initialSession}
    withAccount={withAccount}
    news={Promise.resolve('news')}
    onShow={(text) => {
      if (window.shown.at(-1) !== text) window.shown.push(text)
    }}
  />,
)
