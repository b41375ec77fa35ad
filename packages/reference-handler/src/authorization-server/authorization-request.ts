// Building the authorization request: what the browser is sent away with, and what we keep of it.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import type { Metadata } from './metadata.ts'

/** What has to be remembered from the authorization request until its response. */
export interface Transaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Seconds, when the request asked for a recent authentication. */
  readonly maxAge?: number
}

/** Parameters that protect the request, or decide where tokens go: nobody but us sets them. */
export const protectedParameters: ReadonlySet<string> = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
])

/**
 * Creates a transaction with fresh random values.
 *
 * @param extra - the extra parameters of its request; a `max_age` among them is checked in the end
 */
export function createTransaction(extra: URLSearchParams): Transaction {
  const maxAge = extra.get('max_age')
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    ...(maxAge !== null && { maxAge: Number(maxAge) }),
  }
}

/**
 * Builds the URL of the authorization request.
 *
 * @param extra - parameters on top, already checked
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749 section 4.1.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.3 RFC 7636 section 4.3}
 */
export async function authorizationUrl(
  metadata: Metadata,
  client: Configuration['client'],
  transaction: Transaction,
  extra: URLSearchParams,
): Promise<string> {
  const url = new URL(metadata.authorization_endpoint)
  for (const [name, value] of extra) url.searchParams.append(name, value)
  const parameters = {
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: client.scope,
    state: transaction.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(transaction.codeVerifier),
    code_challenge_method: 'S256',
    ...(requestsIdToken(client) && { nonce: transaction.nonce }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Whether the scope makes this an OpenID Connect request. */
export function requestsIdToken(client: Configuration['client']): boolean {
  return client.scope.split(' ').includes('openid')
}
