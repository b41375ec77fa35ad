// The page for what cannot be told to the application instead.
import { html } from './html.ts'
import type { Page } from './layout.ts'

/** What the page shows. */
export interface ErrorProps {
  readonly title: string
  readonly explanation: string
  /** The error code of the protocol, for whoever debugs this. */
  readonly code?: string
  readonly homeUrl: string
}

/** The error page, with the way back to the application. */
export function errorPage({ title, explanation, code, homeUrl }: ErrorProps): Page {
  return {
    title,
    body: html`<p role="alert">${explanation}</p>
      ${code === undefined ? undefined : html`<p>Error code: <code>${code}</code></p>`}
      <a class="button primary" href="${homeUrl}">Back to the application</a>`,
  }
}
