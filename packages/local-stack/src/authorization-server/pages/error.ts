// The page for what cannot be told to the application instead.
import { html } from './html.ts'
import type { Markup } from './html.ts'
import type { Page } from './layout.ts'

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 RFC 6749 section 4.1.2.1} */
interface ProtocolError {
  readonly error: string
  readonly error_description?: string | undefined
}

/** What the page shows. */
export interface ErrorProps {
  readonly title: string
  readonly explanation: string
  /** The OAuth error, for debugging. */
  readonly problem?: ProtocolError
  readonly homeUrl: string
}

const describe = ({ error, error_description: description }: ProtocolError): Markup =>
  html`<p class="hint">
    For developers: <code>${error}</code>${description === undefined ? '' : `, ${description}`}
  </p>`

/** The error page, with the way back to the application. */
export function errorPage({ title, explanation, problem, homeUrl }: ErrorProps): Page {
  return {
    title,
    body: html`<p role="alert">${explanation}</p>
      <a class="button primary" href="${homeUrl}">Back to the application</a>
      ${problem && describe(problem)}`,
  }
}
