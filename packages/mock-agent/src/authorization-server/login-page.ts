// The mock authorization server's HTML. It loads nothing and runs no script.

/** A way on from the page. */
export interface LoginChoice {
  readonly label: string
  /** The callback URL, complete. */
  readonly url: string
}

/** What the page shows. */
export interface LoginPage {
  readonly users: readonly LoginChoice[]
  readonly cancel: LoginChoice
  /** What the SPA asked for beyond a plain sign-in, in words. */
  readonly demands: readonly string[]
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '')

const link = ({ label, url }: LoginChoice): string =>
  `<a href="${escape(url)}">${escape(label)}</a>`

const style = `
  :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
  body { margin: 0; display: grid; min-height: 100vh; place-items: center }
  main { max-width: 24rem; padding: 2rem }
  h1 { font-size: 1.5rem; margin: 0 }
  ul { list-style: none; padding: 0 }
  a { color: inherit }
  li a { display: block; margin-block: .5rem; padding: .75rem 1rem; border: 1px solid; border-radius: .5rem }
  a:hover { background: color-mix(in srgb, currentColor 10%, transparent) }
  a:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }`

const draw = (title: string, head: string, main: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · mock agent</title>
${head}<style>${style}</style>
<main>
<h1>${title}</h1>
${main}
</main>
</html>
`

/** One link for each user, and one for the user who changes their mind. */
export function drawLoginPage({ users, cancel, demands }: LoginPage): string {
  const main = [
    '<p>This is the mock agent’s sign-in page. There are no passwords.</p>',
    ...demands.map((demand) => `<p>${escape(demand)}</p>`),
    `<ul>${users.map((choice) => `<li>${link(choice)}</li>`).join('')}</ul>`,
    `<p>${link(cancel)}</p>`,
  ]
  return draw('Who signs in?', '', main.join('\n'))
}

/**
 * A page that leads on by itself. A redirect would be shorter, but Playwright routes no redirected
 * request, and service workers have trouble with them too.
 */
export function drawRedirect(url: string): string {
  const refresh = `<meta http-equiv="refresh" content="0; url=${escape(url)}">\n`
  return draw('One moment…', refresh, `<p>${link({ label: 'Go on', url })}</p>`)
}
