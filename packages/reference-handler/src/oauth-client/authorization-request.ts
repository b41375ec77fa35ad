// Building the authorization request: what the browser is sent away with, and what we keep of it.
import * as oauth from 'oauth4webapi'
import { encodeBase64url } from '../base64url.ts'
import type { Configuration } from '../configuration/schema.ts'
import { requestsIdToken } from '../configuration/signing-keys.ts'
import type { Endpoint } from './endpoint.ts'
import { readTolerantly } from './tolerant-reader.ts'
import type { Metadata } from './metadata.ts'

/** What has to be remembered from the authorization request until its response. */
export interface Transaction {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** Seconds, when the request asked for a recent authentication. */
  readonly maxAge?: number
  /** Thumbprint of the key that the code, and the access token, are bound to. */
  readonly dpopKey?: string
}

/**
 * Creates a transaction with fresh random values.
 *
 * @param client - the client as configured
 * @param extra - the extra parameters of its request; a `max_age` among them is checked in the end
 * @param dpopKey - thumbprint of the key that the access token will be bound to
 */
export function createTransaction(
  { extraParameters }: Configuration['client'],
  extra: URLSearchParams,
  dpopKey?: string,
): Transaction {
  const maxAge = extra.get('max_age') ?? extraParameters?.['max_age'] ?? null
  return {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    ...(maxAge !== null && { maxAge: Number(maxAge) }),
    ...(dpopKey !== undefined && { dpopKey }),
  }
}

/**
 * Builds the URL of the authorization request. Where the configuration or the authorization server
 * demands it, the parameters are pushed through the back channel first, and the URL only refers to
 * them.
 *
 * @param extra - parameters on top, already checked
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749 section 4.1.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126#section-2 RFC 9126 section 2}
 */
export async function authorizationUrl(
  endpoint: Endpoint,
  client: Configuration['client'],
  transaction: Transaction,
  extra: URLSearchParams,
): Promise<string> {
  const { metadata } = endpoint
  const challenge = encodeBase64url(await endpoint.hash(transaction.codeVerifier))
  const parameters = authorizationParameters(client, { ...transaction, challenge }, extra)
  return isPushed(metadata, client)
    ? visit(metadata, new URLSearchParams(await push(endpoint, parameters)))
    : visit(metadata, parameters)
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7636#section-4.3 RFC 7636 section 4.3} */
function authorizationParameters(
  client: Configuration['client'],
  transaction: Transaction & { readonly challenge: string },
  extra: URLSearchParams,
): URLSearchParams {
  const parameters = new URLSearchParams(extra)
  for (const [name, value] of Object.entries(client.extraParameters ?? {})) {
    if (!parameters.has(name)) parameters.set(name, value)
  }
  const own = {
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: client.scope,
    state: transaction.state,
    code_challenge: transaction.challenge,
    code_challenge_method: 'S256',
    ...(requestsIdToken(client) && { nonce: transaction.nonce }),
    ...(client.responseMode !== 'query' && { response_mode: client.responseMode }),
    ...(client.resource !== undefined && { resource: client.resource }),
    // RFC 9449 section 10: a stolen code is of no use without the key, either.
    ...(transaction.dpopKey !== undefined && { dpop_jkt: transaction.dpopKey }),
  }
  for (const [name, value] of Object.entries(own)) parameters.set(name, value)
  return parameters
}

function isPushed(metadata: Metadata, client: Configuration['client']): boolean {
  return (
    client.pushedAuthorizationRequests || metadata.require_pushed_authorization_requests === true
  )
}

async function push(
  { metadata, protocol, signal }: Endpoint,
  parameters: URLSearchParams,
): Promise<{ readonly client_id: string; readonly request_uri: string }> {
  const { client, authentication } = protocol
  const answer = await oauth.pushedAuthorizationRequest(
    metadata,
    client,
    authentication,
    parameters,
    protocol.requestOptions(signal),
  )
  const response = await readTolerantly(answer, 201)
  const { request_uri } = await oauth.processPushedAuthorizationResponse(metadata, client, response)
  return { client_id: client.client_id, request_uri }
}

/** The query that the endpoint has of its own stays, as RFC 6749 section 3.1 says. */
function visit(metadata: Metadata, parameters: URLSearchParams): string {
  const url = new URL(metadata.authorization_endpoint)
  // Apart from the URL, which would be put together again with each change.
  const query = new URLSearchParams(url.search)
  for (const name of new Set(parameters.keys())) query.delete(name)
  for (const [name, value] of parameters) query.append(name, value)
  url.search = query.toString()
  return url.href
}
