// Checking the authorization response, plain or signed, before anything in it is believed.
import * as oauth from 'oauth4webapi'
import {
  InvalidAuthorizationResponse,
  InvalidToken,
  isErrorCode,
  safeMessage,
} from './classify-failure.ts'
import type { Transaction } from './authorization-request.ts'
import type { Endpoint } from './endpoint.ts'
import { isIssuer } from './issuer.ts'
import { acceptedAlgorithms } from './metadata.ts'

/**
 * Checks the response to a transaction's request: state and issuer, and of a signed one the
 * signature, its algorithm, audience and expiry as well.
 *
 * @param response - the parameters of the callback URL, whole
 * @returns the parameters, for the token request
 * @throws {AuthorizationResponseError} when the response is an error
 * @throws {InvalidAuthorizationResponse} when it must not be used
 * @throws what else keeps a signed response from being checked: its keys cannot be had
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 * @see {@link https://openid.net/specs/oauth-v2-jarm-final.html#section-2.4 JARM section 2.4}
 */
export async function checkAuthorizationResponse(
  endpoint: Endpoint,
  transaction: Transaction,
  response: URLSearchParams,
): Promise<URLSearchParams> {
  const jwt = response.get('response')
  try {
    const plain = jwt === null ? response : await openSignedResponse(endpoint, jwt)
    const { metadata, protocol } = endpoint
    return oauth.validateAuthResponse(metadata, protocol.client, plain, transaction.state)
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError && isErrorCode(cause.error)) throw cause
    if (!isAboutResponse(cause)) throw cause
    const reason = safeMessage(cause) ?? 'malformed'
    const message = `The authorization response is not valid: ${reason}`
    throw new InvalidAuthorizationResponse(message, { cause })
  }
}

/** The parameters of a signed response, once everything about the JWT itself is right. */
async function openSignedResponse(endpoint: Endpoint, jwt: string): Promise<URLSearchParams> {
  const { metadata, keys, protocol, issuer, clock } = endpoint
  const algorithms = acceptedAlgorithms(metadata.authorization_signing_alg_values_supported)
  const { aud, exp, ...claims } = await keys.verify(jwt, algorithms, endpoint)
  if (!isIssuer(issuer, claims)) throw new InvalidToken(`its iss has to be ${issuer.expected}.`)
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(protocol.client.client_id)) {
    throw new InvalidToken('its aud does not name this client.')
  }
  if (typeof exp !== 'number' || (exp + clock.tolerance) * 1000 <= clock.now()) {
    throw new InvalidToken('it has expired, or says no exp.')
  }
  const texts = Object.entries(claims).filter(
    (claim): claim is [string, string] => typeof claim[1] === 'string',
  )
  return new URLSearchParams(texts)
}

/** Whether an error says something about the response, rather than about what is needed to check it. */
function isAboutResponse(error: unknown): boolean {
  return (
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.UnsupportedOperationError ||
    error instanceof InvalidToken
  )
}
