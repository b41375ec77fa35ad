// The page where the user proves who they are.
import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What the page shows. */
export interface SignInProps {
  /** Where the form is posted, without the operation's name. */
  readonly action: string
  readonly clientName: string
  /** Filled in for the user: what they typed before, or the application's `login_hint`. */
  readonly username: string
  /** Shown when the last attempt failed. */
  readonly problem?: string
  /** The accounts to try, shown because this is a demonstration. */
  readonly usernames: readonly string[]
  readonly password: string
}

/** The sign-in page. */
export function signInPage(props: SignInProps): Page {
  const problem =
    props.problem === undefined
      ? undefined
      : html`<p class="problem" id="problem" role="alert">${props.problem}</p>`
  const invalid =
    problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="problem"`
  return {
    title: 'Sign in',
    body: html`<p>to continue to <strong>${props.clientName}</strong></p>
      ${problem}
      <form method="post" action="${props.action}/login">
        <div class="field">
          <label for="username">Username</label>
          <input
            id="username"
            name="username"
            value="${props.username}"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
            autofocus${invalid}
          />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required${invalid}
          />
        </div>
        <button class="primary">Sign in</button>
      </form>
      <form method="post" action="${props.action}/abort"><button>Cancel</button></form>
      <p class="hint">
        Sign in as
        ${props.usernames.map((name, index) => html`${index > 0 ? ' or ' : ''}<code>${name}</code>`)}
        with the password <code>${props.password}</code>.
      </p>`,
  }
}
