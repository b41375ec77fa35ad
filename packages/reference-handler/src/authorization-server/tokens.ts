// Getting tokens from the token endpoint, for a code or for a refresh token.
import type { Claims } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import {
  InvalidAuthorizationResponse,
  isErrorCode,
  safeMessage,
  UnusableAnswer,
} from './attempt.ts'
import { requestsIdToken } from './authorization-request.ts'
import type { Transaction } from './authorization-request.ts'
import type { Metadata } from './metadata.ts'
import type { Protocol } from './protocol.ts'

/** What the token endpoint issued. */
export interface TokenSet {
  readonly accessToken: string
  /** Seconds, when the authorization server says it. */
  readonly expiresIn?: number
  readonly refreshToken?: string
  /** Of the ID token, if one came along; without those that only serve the protocol. */
  readonly claims?: Claims
}

/** A client of one authorization server, for the time of one action. */
export interface TokenEndpoint {
  readonly metadata: Metadata
  readonly protocol: Protocol
  readonly signal: AbortSignal
}

/** They bind the ID token to request and response, were checked, and would only fill the cookie. */
const protocolClaims = new Set(['nonce', 'at_hash', 'c_hash', 's_hash'])

/**
 * Checks an authorization response, state and issuer first, and exchanges its code.
 *
 * @param client - the client as configured
 * @param transaction - what was kept of the request
 * @param response - the parameters of the callback URL, whole
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 RFC 6749 section 4.1.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core section 3.1.3.7}
 */
export async function exchangeCode(
  endpoint: TokenEndpoint,
  client: Configuration['client'],
  transaction: Transaction,
  response: URLSearchParams,
): Promise<TokenSet> {
  const { metadata, protocol, signal } = endpoint
  const tokenResponse = await oauth.authorizationCodeGrantRequest(
    metadata,
    protocol.client,
    protocol.authentication,
    checkAuthorizationResponse(endpoint, transaction, response),
    client.redirectUri,
    transaction.codeVerifier,
    protocol.requestOptions(signal),
  )
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

function checkAuthorizationResponse(
  { metadata, protocol }: TokenEndpoint,
  transaction: Transaction,
  response: URLSearchParams,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(metadata, protocol.client, response, transaction.state)
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError && isErrorCode(cause.error)) throw cause
    const reason = safeMessage(cause) ?? 'malformed error'
    throw new InvalidAuthorizationResponse(`The authorization response is not valid: ${reason}.`)
  }
}

/**
 * Exchanges a refresh token.
 *
 * @param subject - the `sub` the session belongs to, when it is known; an ID token for anybody else
 *   is refused
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OpenID Connect Core section 12.2}
 */
export async function exchangeRefreshToken(
  endpoint: TokenEndpoint,
  refreshToken: string,
  subject: unknown,
): Promise<TokenSet> {
  const { metadata, protocol, signal } = endpoint
  const tokenResponse = await oauth.refreshTokenGrantRequest(
    metadata,
    protocol.client,
    protocol.authentication,
    refreshToken,
    protocol.requestOptions(signal),
  )
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

async function readTokens(
  { metadata, protocol, signal }: TokenEndpoint,
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
  return {
    accessToken: tokens.access_token,
    ...(tokens.expires_in !== undefined && { expiresIn: tokens.expires_in }),
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
    ...(claims && { claims: withoutProtocolClaims(claims) }),
  }
}

function withoutProtocolClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name)))
}
