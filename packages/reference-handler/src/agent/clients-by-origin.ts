// The client as pages of each origin are it: with the redirect URIs of that origin.
import type { Configuration } from '../configuration/schema.ts'

type Client = Configuration['client']

/**
 * The clients of all origins that have a redirect URI, or a page after sign-out, of their own. What one of them
 * does not have is the deployment's. A login ends with the redirect URI that it began with, because it ends on a
 * page of that URI's origin.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749 section 4.1.3}
 */
export function clientsByOrigin(client: Client): ReadonlyMap<string, Client> {
  const clients = new Map<string, Client>()
  const add = (uri: string, change: Partial<Client>): void => {
    const { origin } = new URL(uri)
    clients.set(origin, { ...client, ...clients.get(origin), ...change })
  }
  for (const redirectUri of client.redirectUris) add(redirectUri, { redirectUri })
  for (const uri of client.postLogoutRedirectUris) add(uri, { postLogoutRedirectUri: uri })
  return clients
}
