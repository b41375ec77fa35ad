// Getting tokens from the token endpoint, for a code or for a refresh token.
import type { Claims } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import {
  classify,
  InvalidAuthorizationResponse,
  safeMessage,
  UnusableAnswer,
} from './classify-failure.ts'
import type { AuthorizationServerFailure } from './classify-failure.ts'
import { requestsIdToken } from '../configuration/signing-keys.ts'
import type { Transaction } from './authorization-request.ts'
import { checkAuthorizationResponse } from './authorization-response.ts'
import type { DpopKey } from './dpop-keys.ts'
import { sendWithNonce } from './dpop-nonce.ts'
import type { Endpoint } from './endpoint.ts'
import { parseObject } from './parse-object.ts'
import { readTolerantly } from './tolerant-reader.ts'
import { readClaimedSubject, validateIdToken } from './id-token.ts'
import { wholeJson } from './whole-response.ts'

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
  /** Thumbprint of the key that the access token is bound to; without one it is a bearer token. */
  readonly dpopKey?: string
  /** Why the ID token of a refresh was left out, if it was. */
  readonly unusableIdToken?: string
}

/**
 * What came of a refresh. Answers that cannot be used may hold a new refresh token all the same: the old one may be
 * used up by then, so that the session hangs on the new one.
 */
export type Refreshed =
  | { readonly kind: 'tokens'; readonly tokens: TokenSet }
  | {
      readonly kind: 'unusable'
      readonly refreshToken: string
      readonly failure: AuthorizationServerFailure
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
  const parameters = await checkAuthorizationResponse(endpoint, transaction, response)
  const key = await keyOfCode(endpoint, transaction)
  const answer = await sendWithNonce(() =>
    oauth.authorizationCodeGrantRequest(
      metadata,
      protocol.client,
      protocol.authentication,
      parameters,
      client.redirectUri,
      transaction.codeVerifier,
      { ...protocol.requestOptions(signal), ...provenWith(key), ...forResource(client) },
    ),
  )
  const { received, idToken } = await readTokenAnswer(answer)
  const tokens = readTokens(
    await oauth.processAuthorizationCodeResponse(metadata, protocol.client, received),
    key,
  )
  const isExpected = requestsIdToken(client)
  if (idToken === undefined) {
    if (isExpected) {
      throw new UnusableAnswer('it issued no ID token, although the scope has openid.')
    }
    return tokens
  }
  const { maxAge, nonce } = transaction
  const claims = await validateIdToken(endpoint, idToken, { maxAge, ...(isExpected && { nonce }) })
  return { ...tokens, idToken, claims }
}

/**
 * Exchanges a refresh token. An ID token that cannot be used is left out: the session goes on with the claims it has.
 *
 * @param client - the client as configured
 * @param session - the refresh token; the `sub` that the session belongs to, when it is known; and the thumbprint of the
 *   key that it is bound to, if it is
 * @throws {UnusableAnswer} when the answer belongs to another user, whatever else it holds
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-6 RFC 6749 section 6}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OpenID Connect Core section 12.2}
 */
export async function exchangeRefreshToken(
  endpoint: Endpoint,
  client: Configuration['client'],
  session: {
    readonly refreshToken: string
    readonly subject: unknown
    readonly dpopKey: string | undefined
  },
): Promise<Refreshed> {
  const { metadata, protocol, signal } = endpoint
  const { refreshToken, subject } = session
  const key = await keyOfSession(endpoint, session.dpopKey)
  const answer = await sendWithNonce(() =>
    oauth.refreshTokenGrantRequest(
      metadata,
      protocol.client,
      protocol.authentication,
      refreshToken,
      { ...protocol.requestOptions(signal), ...provenWith(key), ...forResource(client) },
    ),
  )
  const { received, idToken, nextRefreshToken } = await readTokenAnswer(answer)
  const claimed = idToken === undefined ? undefined : readClaimedSubject(idToken)
  if (claimed !== undefined && subject !== undefined && claimed !== subject) {
    throw new UnusableAnswer('the refreshed ID token belongs to another user.')
  }
  try {
    const tokens = readTokens(
      await oauth.processRefreshTokenResponse(metadata, protocol.client, received),
      key,
    )
    return { kind: 'tokens', tokens: { ...tokens, ...(await readIdToken(endpoint, idToken)) } }
  } catch (cause) {
    if (nextRefreshToken === undefined || nextRefreshToken === refreshToken) throw cause
    const failure = classify(cause, false)
    return { kind: 'unusable', refreshToken: nextRefreshToken, failure }
  }
}

/**
 * The key that a login began with: its code is bound to it.
 *
 * @throws {InvalidAuthorizationResponse} when the key has been removed since
 */
async function keyOfCode(
  { dpop }: Endpoint,
  { dpopKey }: Transaction,
): Promise<DpopKey | undefined> {
  if (dpopKey === undefined) return await dpop?.newest()
  const key = await dpop?.find(dpopKey)
  if (key !== undefined) return key
  throw new InvalidAuthorizationResponse(
    'The login began with a key that is not in client.dpopKeys any more; it has to begin anew.',
  )
}

/**
 * The key that a session is bound to, as long as there is one; afterwards the newest. Refresh tokens of confidential
 * clients are bound to the client, and not to a key (RFC 9449 section 5), but some authorization servers do both.
 */
async function keyOfSession(
  { dpop }: Endpoint,
  dpopKey: string | undefined,
): Promise<DpopKey | undefined> {
  const own = dpopKey === undefined ? undefined : await dpop?.find(dpopKey)
  return own ?? (await dpop?.newest())
}

const provenWith = (key: DpopKey | undefined) => (key === undefined ? {} : { DPoP: key.handle })

async function readIdToken(
  endpoint: Endpoint,
  idToken: string | undefined,
): Promise<Pick<TokenSet, 'idToken' | 'claims' | 'unusableIdToken'>> {
  if (idToken === undefined) return {}
  try {
    return { idToken, claims: await validateIdToken(endpoint, idToken, {}) }
  } catch (cause) {
    return { unusableIdToken: safeMessage(cause) ?? 'its signing keys cannot be had.' }
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc8707#section-2.2 RFC 8707 section 2.2} */
function forResource({ resource }: Configuration['client']) {
  return resource === undefined ? {} : { additionalParameters: { resource } }
}

/** Takes the ID token out of an answer, since it is validated by itself; and the refresh token, which must not be lost. */
async function readTokenAnswer(answer: Response) {
  const response = await readTolerantly(answer, 200)
  if (!response.ok) return { received: response }
  const { id_token: idToken, ...members } = parseObject(await response.text()) ?? {}
  const { refresh_token: nextRefreshToken } = members
  return {
    received: wholeJson(members, 200),
    ...(typeof idToken === 'string' && { idToken }),
    ...(typeof nextRefreshToken === 'string' && { nextRefreshToken }),
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-5 RFC 9449 section 5}: a token that is not bound is discarded */
function readTokens(tokens: oauth.TokenEndpointResponse, key: DpopKey | undefined): TokenSet {
  if (key === undefined && tokens.token_type !== 'bearer') {
    throw new UnusableAnswer('it issued an access token of another type than Bearer.')
  }
  if (key !== undefined && tokens.token_type !== 'dpop') {
    throw new UnusableAnswer(
      'it issued an access token that is not bound to a key (its type is not DPoP), although client.dpopKeys are set. Turn DPoP on for this client there, or remove client.dpopKeys.',
    )
  }
  const refreshTokenExpiresIn = findRefreshTokenLifetime(tokens)
  return {
    accessToken: tokens.access_token,
    ...(key !== undefined && { dpopKey: key.thumbprint }),
    ...(tokens.expires_in !== undefined && { expiresIn: tokens.expires_in }),
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
    ...(refreshTokenExpiresIn !== undefined && { refreshTokenExpiresIn }),
  }
}

/**
 * The names that authorization servers use, and those of the draft that defines some: the end that comes first counts.
 * Zero means without end.
 *
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-refresh-token-expiration-03#section-6.1 OAuth 2.0 Refresh Token and Authorization Expiration, section 6.1}
 */
const refreshTokenLifetimes = [
  'refresh_token_timeout',
  'authorization_expires_in',
  'refresh_token_expires_in',
  'refresh_expires_in',
]

function findRefreshTokenLifetime(tokens: oauth.TokenEndpointResponse): number | undefined {
  const lifetimes = refreshTokenLifetimes
    .map((name) => tokens[name])
    .filter((lifetime): lifetime is number => typeof lifetime === 'number' && lifetime > 0)
  return lifetimes.length === 0 ? undefined : Math.min(...lifetimes)
}
