// The URLs of the mock authorization server.

/** The authorization server unless a test says otherwise; the name is reserved and resolves nowhere. */
export const DEFAULT_AUTHORIZATION_SERVER_URL = 'https://login.example'

const CLIENT_ID = 'mock-client'

/** The pages that a browser may be sent to. */
export type AuthorizationServerPage = 'authorize' | 'logout'

/** The page at a URL, if it is one of the authorization server's. */
export function pageAt(url: string, issuer: string): AuthorizationServerPage | undefined {
  const { origin, pathname } = new URL(url)
  const pages = ['authorize', 'logout'] as const
  return pages.find((page) => origin + pathname === `${issuer}/${page}`)
}

/** The URL the SPA is told to navigate to. */
export function authorizationUrl(
  issuer: string,
  request: {
    readonly state: string
    readonly redirectUri: string
    readonly responseMode: 'query' | 'jwt'
    /** The SPA's extra parameters. */
    readonly parameters: URLSearchParams
  },
): string {
  const url = new URL(`${issuer}/authorize`)
  for (const [name, value] of request.parameters) url.searchParams.set(name, value)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', CLIENT_ID)
  url.searchParams.set('redirect_uri', request.redirectUri)
  url.searchParams.set('state', request.state)
  if (request.responseMode === 'jwt') url.searchParams.set('response_mode', 'jwt')
  return url.href
}

/** What an SPA may say with a sign-out, as the real agent's default has it. */
const logoutParameters = ['logout_hint', 'ui_locales']

/** The URL the SPA is told to navigate to in order to end the session at the authorization server. */
export function logoutUrl(
  issuer: string,
  redirectUri: string,
  parameters: URLSearchParams,
): string {
  const url = new URL(`${issuer}/logout`)
  for (const name of logoutParameters) {
    const value = parameters.get(name)
    if (value !== null) url.searchParams.set(name, value)
  }
  url.searchParams.set('client_id', CLIENT_ID)
  url.searchParams.set('post_logout_redirect_uri', new URL('/', redirectUri).href)
  return url.href
}

/** A URL with parameters added to its query. */
export function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const result = new URL(url)
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value)
  return result.href
}
