// The frame around every page of the authorization server.
import { html } from './html.ts'
import type { Markup } from './html.ts'
import { styleElement } from './style.ts'

/** What differs from page to page. */
export interface Page {
  /** Names the page in the browser's tab and in its heading. */
  readonly title: string
  readonly body: Markup
}

const mark = html`<svg
  class="mark"
  viewBox="0 0 40 40"
  fill="none"
  stroke="currentColor"
  stroke-width="3"
  aria-hidden="true"
>
  <rect x="2" y="2" width="36" height="36" rx="11" />
  <circle cx="16" cy="20" r="5" />
  <path d="M21 20h11M28 20v5" stroke-linecap="round" />
</svg>`

/** A whole HTML document. */
export function renderPage({ title, body }: Page): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${styleElement}
      </head>
      <body>
        <main>
          ${mark}
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>Local development only. Everything here is forgotten when the stack stops.</footer>
      </body>
    </html>`
  return document.markup
}
