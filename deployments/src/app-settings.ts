// What an app is told by its document: where its agent and its API are.

/** Settings of an app. */
export interface AppSettings {
  readonly name: string
  readonly agentUrl: string
  readonly apiUrl: string
  /** With a slash at its end. */
  readonly basePath: string
  readonly callbackPath: string
  readonly isShared: boolean
  /** Of the website with a session of its own on this origin. */
  readonly websiteUrl?: string
  readonly links: readonly { readonly url: string; readonly name: string }[]
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Text for an HTML document, also inside of quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (found) => entities[found] ?? '')

/** Nothing but the site's own files, and connections to agent and API. */
export function contentSecurityPolicy({ agentUrl, apiUrl }: AppSettings): string {
  const origins = new Set([new URL(agentUrl).origin, new URL(apiUrl).origin])
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    `connect-src ${[...origins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
