// Checking the authorization response, plain or signed, before anything in it is believed.
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { InvalidAuthorizationResponse, isErrorCode, safeMessage } from './classify-failure.ts'
import type { Transaction } from './authorization-request.ts'
import type { Endpoint } from './endpoint.ts'
import type { Protocol } from './protocol.ts'

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
 * @throws what else keeps a signed response from being checked: its keys cannot be had
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2.4 RFC 9207 section 2.4}
 * @see {@link https://openid.net/specs/oauth-v2-jarm-final.html#section-2.4 JARM section 2.4}
 */
export async function checkAuthorizationResponse(
  { metadata, protocol, signal }: Endpoint,
  transaction: Transaction,
  response: URLSearchParams,
): Promise<URLSearchParams> {
  const { client } = protocol
  const keys = watchKeys(protocol.requestOptions(signal))
  try {
    if (!response.has('response')) {
      return oauth.validateAuthResponse(metadata, client, response, transaction.state)
    }
    return await oauth.validateJwtAuthResponse(
      metadata,
      client,
      response,
      transaction.state,
      keys.options,
    )
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError && isErrorCode(cause.error)) throw cause
    if (keys.areMissing() || !isAboutResponse(cause)) throw cause
    const reason = safeMessage(cause) ?? 'malformed'
    const message = `The authorization response is not valid: ${reason}.`
    throw new InvalidAuthorizationResponse(message, { cause })
  }
}

/**
 * Options that tell whether keys were asked for and did not come. Errors alone cannot tell: the same
 * codes stand for a response and for a key set that make no sense.
 */
function watchKeys(options: ReturnType<Protocol['requestOptions']>) {
  const cache: oauth.JWKSCacheInput = {}
  let areAskedFor = false
  const fetchKeys: (typeof options)[typeof oauth.customFetch] = (url, init) => {
    areAskedFor = true
    return options[oauth.customFetch](url, init)
  }
  return {
    options: { ...options, [oauth.customFetch]: fetchKeys, [oauth.jwksCache]: cache },
    areMissing: () => areAskedFor && !('jwks' in cache),
  }
}

/** Whether an error says something about the response, rather than about what is needed to check it. */
function isAboutResponse(error: unknown): boolean {
  if (error instanceof oauth.OperationProcessingError) {
    return (
      error.code !== oauth.MISSING_SERVER_METADATA && error.code !== oauth.INVALID_SERVER_METADATA
    )
  }
  return (
    error instanceof oauth.AuthorizationResponseError ||
    error instanceof oauth.UnsupportedOperationError ||
    // A signature that is no base64url.
    (error instanceof TypeError && 'code' in error && error.code === 'ERR_INVALID_ARG_VALUE')
  )
}
