// Recognising an authorization response in the query of a callback URL.

/**
 * What came back from the authorization server: a code, an error, or a signed response (JARM) whose
 * content only the agent can read.
 */
export type AuthorizationResponseKind = 'code' | 'error' | 'jarm'

/**
 * Every parameter an authorization server may add to the redirect URI. A client removes these, and
 * only these, from the address bar.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207#section-2 RFC 9207 section 2}
 */
export const authorizationResponseParameters: readonly string[] = [
  'code',
  'state',
  'iss',
  'session_state',
  'response',
  'error',
  'error_description',
  'error_uri',
]

/**
 * Tells whether query parameters are an authorization response: `code` with `state`, `error` with
 * `state`, or `response` as the only parameter. A bare `code` or `error` belongs to other software
 * (payment and chat integrations use these names too). Where both are, the error counts.
 *
 * @param parameters - the query of the page's URL
 * @returns the kind of response, or `undefined` when the parameters are not one
 *
 * @example
 * import { recognizeAuthorizationResponse } from '@token-handler/contract'
 *
 * const query = new URLSearchParams('code=abc&state=xyz')
 * console.log(recognizeAuthorizationResponse(query)) // code
 */
export function recognizeAuthorizationResponse(
  parameters: URLSearchParams,
): AuthorizationResponseKind | undefined {
  // Without a value a parameter counts as absent (RFC 6749 section 3.1).
  if (parameters.get('state')) {
    if (parameters.get('error')) return 'error'
    return parameters.get('code') ? 'code' : undefined
  }
  return parameters.get('response') && parameters.size === 1 ? 'jarm' : undefined
}
