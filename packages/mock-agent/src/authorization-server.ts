// The authorization server of a mock: its URLs, and what it adds to the redirect URI. No page is behind them.

/** Issuer identifier of the mock authorization server; the name is reserved and resolves nowhere. */
export const MOCK_ISSUER = 'https://login.example'

/** What an authorization request is made of. */
export interface AuthorizationRequest {
  readonly state: string
  readonly redirectUri: string
  /** The SPA's extra parameters. */
  readonly parameters: URLSearchParams
}

/** The URL the SPA is told to navigate to. */
export function authorizationUrl({ state, redirectUri, parameters }: AuthorizationRequest): string {
  const url = new URL('/authorize', MOCK_ISSUER)
  for (const [name, value] of parameters) url.searchParams.set(name, value)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', 'mock-client')
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('state', state)
  return url.href
}

/** The URL the SPA is told to navigate to in order to end the session at the authorization server. */
export function logoutUrl(redirectUri: string): string {
  const url = new URL('/logout', MOCK_ISSUER)
  url.searchParams.set('client_id', 'mock-client')
  url.searchParams.set('post_logout_redirect_uri', new URL('/', redirectUri).href)
  return url.href
}

/**
 * The URL the authorization server redirects the browser to.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2 RFC 9207 section 2}, for `iss`
 */
export function callbackUrl(
  redirectUri: string,
  state: string,
  answer: { readonly code: string } | { readonly error: string },
): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
  url.searchParams.set('state', state)
  url.searchParams.set('iss', MOCK_ISSUER)
  return url.href
}
