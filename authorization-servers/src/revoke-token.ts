// Revoking a token at the authorization server, without the handler.
import type { RegisteredClient } from './clients.ts'

/**
 * Revokes a token.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2.1 RFC 7009 section 2.1}
 */
export async function revokeToken(
  endpoint: string,
  { id, secret }: RegisteredClient,
  token: string,
): Promise<void> {
  const credentials = Buffer.from(`${id}:${secret}`).toString('base64')
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`The revocation endpoint answered ${response.status}.`)
}
