// The page of a dev server, as HTML: who can sign in, who has, what their cookies weigh, what was decided.
import { demoPassword } from '../../authorization-server/users.ts'
import type { DemoUser } from '../../authorization-server/users.ts'
import { html, trusted } from '../../authorization-server/pages/html.ts'
import type { Markup } from '../../authorization-server/pages/html.ts'
import { script } from './script.ts'
import type { PageContent } from './serve-page.ts'
import { style } from './style.ts'

const userRow = ({ id, name, claims }: DemoUser): Markup =>
  html`<li>
    <strong>${id}</strong> <span>${name}</span>
    ${claims === undefined ? undefined : html`<code>${JSON.stringify(claims)}</code>`}
  </li>`

const who = ({ users, issuer }: PageContent): Markup =>
  issuer === undefined
    ? html`<p>Everyone has the password <code>${demoPassword}</code>.</p>
        <ul>
          ${users.map(userRow)}
        </ul>`
    : html`<p>Users of <code>${issuer}</code>.</p>`

/** The whole document. */
export function renderDevelopmentPage(content: PageContent): string {
  const document = html`<!doctype html>
    <html lang="en" data-agent="${content.agentPath}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Token Handler in development</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>Token Handler</h1>
          <p>OAuth Agent and OAuth Proxy of this dev server. <a href="/">Back to the app</a></p>
        </header>
        <main>
          <section aria-labelledby="users">
            <h2 id="users">Users</h2>
            ${who(content)}
          </section>
          <section aria-labelledby="session">
            <h2 id="session">Session in this browser</h2>
            <p id="state" role="status">One moment…</p>
            <dl id="claims"></dl>
          </section>
          <section aria-labelledby="cookies">
            <h2 id="cookies">Cookies</h2>
            <p>Encrypted, HttpOnly: no script reads them. A browser keeps 4096 bytes of each.</p>
            <ul id="sizes"></ul>
          </section>
          <section class="wide" aria-labelledby="decisions">
            <h2 id="decisions">Decisions</h2>
            <p id="live">The last 100 of agent and proxy, newest first, as they happen.</p>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="decisions">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Time</th>
                    <th scope="col">Request</th>
                    <th scope="col">Status</th>
                    <th scope="col">Why</th>
                  </tr>
                </thead>
                <tbody id="rows"></tbody>
              </table>
            </div>
          </section>
        </main>
        ${trusted(`<script type="module">${script}</script>`)}
      </body>
    </html>`
  return document.markup
}
