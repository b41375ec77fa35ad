// Checking the authorization response, plain or signed, before anything in it is believed.
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { InvalidAuthorizationResponse, isErrorCode, safeMessage } from './attempt.ts'
import type { Transaction } from './authorization-request.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * The state that a signed response claims to have, or an empty text. It is good for finding the login
 * that the response belongs to, and proves nothing.
 *
 * @param response - a JWT, its signature not yet verified
 */
export function readClaimedState(response: string): string {
  try {
    const { state } = decodeJwt(response)
    return typeof state === 'string' ? state : ''
  } catch {
    return ''
  }
}

/**
 * Checks the response to a transaction's request: state and issuer, and of a signed one the
 * signature, its algorithm, audience and expiry as well.
 *
 * @param response - the parameters of the callback URL, whole
 * @returns the parameters, for the token request
 * @throws {AuthorizationResponseError} when the response is an error
 * @throws {InvalidAuthorizationResponse} when it must not be used
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 * @see {@link https://openid.net/specs/oauth-v2-jarm-final.html#section-2.4 JARM section 2.4}
 */
export async function checkAuthorizationResponse(
  { metadata, protocol, signal }: Endpoint,
  transaction: Transaction,
  response: URLSearchParams,
): Promise<URLSearchParams> {
  const { client } = protocol
  try {
    if (!response.has('response')) {
      return oauth.validateAuthResponse(metadata, client, response, transaction.state)
    }
    const options = protocol.requestOptions(signal)
    return await oauth.validateJwtAuthResponse(
      metadata,
      client,
      response,
      transaction.state,
      options,
    )
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError && isErrorCode(cause.error)) throw cause
    const reason = safeMessage(cause) ?? 'malformed error'
    throw new InvalidAuthorizationResponse(`The authorization response is not valid: ${reason}.`)
  }
}
