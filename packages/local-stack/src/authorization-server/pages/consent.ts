// The page where the user allows the application what it asks for.
import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What the page shows. */
export interface ConsentProps {
  /** Where the form is posted, without the operation's name. */
  readonly action: string
  readonly clientName: string
  readonly userName: string
  /** Scopes the user has not granted yet. */
  readonly scopes: readonly string[]
}

const meanings: Readonly<Record<string, string>> = {
  openid: 'Know that it is you',
  profile: 'See your name',
  email: 'See your email address',
  orders: 'See your orders and place new ones',
}

/** The consent page. */
export function consentPage({ action, clientName, userName, scopes }: ConsentProps): Page {
  return {
    title: `Allow ${clientName}?`,
    body: html`<p>You are signed in as <strong>${userName}</strong>. The application asks to:</p>
      <ul>
        ${scopes.map((scope) => html`<li>${meanings[scope] ?? `Use “${scope}”`}</li>`)}
      </ul>
      <form method="post" action="${action}/consent">
        <button class="primary" autofocus>Allow</button>
      </form>
      <form method="post" action="${action}/abort"><button>Refuse</button></form>`,
  }
}
