// Getting tokens from the token endpoint, for a code or for a refresh token.
import type { Claims } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { UnusableAnswer } from './classify-failure.ts'
import { requestsIdToken } from './authorization-request.ts'
import type { Transaction } from './authorization-request.ts'
import { checkAuthorizationResponse } from './authorization-response.ts'
import type { Endpoint } from './endpoint.ts'
import { readTolerantly } from './tolerant-reader.ts'
import { readClaims } from './id-token-claims.ts'

/** What the token endpoint issued. */
export interface TokenSet {
  readonly accessToken: string
  /** Seconds, when the authorization server says it. */
  readonly expiresIn?: number
  readonly refreshToken?: string
  /** Seconds, when the authorization server says it. */
  readonly refreshTokenExpiresIn?: number
  /** As it came, for `id_token_hint`. */
  readonly idToken?: string
  /** Of the ID token, if one came along; without those that only serve the protocol. */
  readonly claims?: Claims
}

/**
 * Checks an authorization response, state and issuer first, and exchanges its code.
 *
 * @param client - the client as configured
 * @param transaction - what was kept of the request
 * @param response - the parameters of the callback URL, whole
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749 section 4.1.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 */
export async function exchangeCode(
  endpoint: Endpoint,
  client: Configuration['client'],
  transaction: Transaction,
  response: URLSearchParams,
): Promise<TokenSet> {
  const { metadata, protocol, signal } = endpoint
  const answer = await oauth.authorizationCodeGrantRequest(
    metadata,
    protocol.client,
    protocol.authentication,
    await checkAuthorizationResponse(endpoint, transaction, response),
    client.redirectUri,
    transaction.codeVerifier,
    { ...protocol.requestOptions(signal), ...forResource(client) },
  )
  const tokenResponse = await readTolerantly(answer, 200)
  const tokens = await oauth.processAuthorizationCodeResponse(
    metadata,
    protocol.client,
    tokenResponse,
    {
      ...(requestsIdToken(client) && { expectedNonce: transaction.nonce, requireIdToken: true }),
      ...(transaction.maxAge !== undefined && { maxAge: transaction.maxAge }),
    },
  )
  return await readTokens(endpoint, tokenResponse, tokens)
}

/**
 * Exchanges a refresh token.
 *
 * @param client - the client as configured
 * @param subject - the `sub` the session belongs to, when it is known; an ID token for another user
 *   is refused
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OpenID Connect Core section 12.2}
 */
export async function exchangeRefreshToken(
  endpoint: Endpoint,
  client: Configuration['client'],
  refreshToken: string,
  subject: unknown,
): Promise<TokenSet> {
  const { metadata, protocol, signal } = endpoint
  const answer = await oauth.refreshTokenGrantRequest(
    metadata,
    protocol.client,
    protocol.authentication,
    refreshToken,
    { ...protocol.requestOptions(signal), ...forResource(client) },
  )
  const tokenResponse = await readTolerantly(answer, 200)
  const tokens = await readTokens(
    endpoint,
    tokenResponse,
    await oauth.processRefreshTokenResponse(metadata, protocol.client, tokenResponse),
  )
  if (tokens.claims && subject !== undefined && tokens.claims['sub'] !== subject) {
    throw new UnusableAnswer('the refreshed ID token belongs to another user.')
  }
  return tokens
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc8707#section-2.2 RFC 8707 section 2.2} */
function forResource({ resource }: Configuration['client']) {
  return resource === undefined ? {} : { additionalParameters: { resource } }
}

async function readTokens(
  { metadata, protocol, signal }: Endpoint,
  response: Response,
  tokens: oauth.TokenEndpointResponse,
): Promise<TokenSet> {
  if (tokens.token_type !== 'bearer') {
    throw new UnusableAnswer('it issued an access token of another type than Bearer.')
  }
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  if (claims) {
    const options = protocol.requestOptions(signal)
    await oauth.validateApplicationLevelSignature(metadata, response, options)
  }
  const refreshTokenExpiresIn = findRefreshTokenLifetime(tokens)
  return {
    accessToken: tokens.access_token,
    ...(tokens.expires_in !== undefined && { expiresIn: tokens.expires_in }),
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
    ...(refreshTokenExpiresIn !== undefined && { refreshTokenExpiresIn }),
    ...(tokens.id_token !== undefined && { idToken: tokens.id_token }),
    ...(claims && { claims: readClaims(claims) }),
  }
}

/** No standard names it; these are the names that authorization servers use. Zero means without end. */
function findRefreshTokenLifetime(tokens: oauth.TokenEndpointResponse): number | undefined {
  const lifetimes = [tokens['refresh_token_expires_in'], tokens['refresh_expires_in']]
  return lifetimes.find(
    (lifetime): lifetime is number => typeof lifetime === 'number' && lifetime > 0,
  )
}
