// The page that asks whether to end the session, since any link on the web can lead here.
import { html, trusted } from './html.ts'
import type { Page } from './layout.ts'

/**
 * The sign-out page.
 *
 * @param form - the form that oidc-provider prepared; its buttons refer to it by its id
 */
export function signOutPage(form: string): Page {
  return {
    title: 'Sign out?',
    body: html`<p>This ends your session with every application that uses it.</p>
      ${trusted(form)}
      <button class="primary" form="op.logoutForm" name="logout" value="yes" autofocus>
        Sign out
      </button>
      <button form="op.logoutForm">Stay signed in</button>`,
  }
}
