// The page after a sign-out that no application asked to get back from.
import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What the page shows. */
export interface SignedOutProps {
  /** Whether the user chose to stay signed in. */
  readonly stayed: boolean
  readonly homeUrl: string
}

/** The signed-out page, with the way back to the application. */
export function signedOutPage({ stayed, homeUrl }: SignedOutProps): Page {
  return {
    title: stayed ? 'You are still signed in' : 'You are signed out',
    body: html`<p>${stayed ? 'Your session goes on.' : 'Your session has ended.'}</p>
      <a class="button primary" href="${homeUrl}">Back to the application</a>`,
  }
}
