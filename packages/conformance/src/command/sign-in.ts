// What all ways of signing in have in common.
import { recognizeAuthorizationResponse } from '@token-handler/contract'

/** Who signs in. */
export type User = 'first' | 'second'

/** A way to sign in. */
export interface SignIn {
  /**
   * Signs a user in at the authorization server, by the authorization URL.
   *
   * @returns the URL that the authorization server redirects to
   */
  readonly authenticate: (authorizationUrl: string, user: User) => Promise<string>
  readonly close: () => Promise<void>
}

/** Whether a URL is a page of the SPA with an authorization response in its query. */
export function isCallback(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false
  const { origin: own, searchParams } = new URL(url)
  return own === origin && recognizeAuthorizationResponse(searchParams) !== undefined
}
