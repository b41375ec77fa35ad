// The page that asks whether to end the session, since any link on the web can lead here.
import { html, trusted } from './html.ts'
import type { Page } from './layout.ts'

/** What the page shows. */
export interface SignOutProps {
  /** The form that oidc-provider prepared; the page's buttons refer to it by its id. */
  readonly form: string
  /** The application that led here, if it said which one it is. */
  readonly clientName: string | undefined
}

/** The sign-out page. Applications end their own session before they lead here: it says what is left to end. */
export function signOutPage({ form, clientName }: SignOutProps): Page {
  // With "if", because any link can name any application.
  const explanation =
    clientName === undefined
      ? undefined
      : html`<p>
          If ${clientName} sent you here, it has ended its own session already. Unless you sign out
          here too, it can sign you in again without your password.
        </p>`
  return {
    title: 'Sign out here too?',
    body: html`<p>This ends your session with every application that uses it.</p>
      ${explanation} ${trusted(form)}
      <button class="primary" form="op.logoutForm" name="logout" value="yes" autofocus>
        Sign out
      </button>
      <button form="op.logoutForm">Stay signed in here</button>`,
  }
}
