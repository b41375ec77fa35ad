// Exchanging an access token for one that an API of its own accepts, at the token endpoint.
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { UnusableAnswer } from './classify-failure.ts'
import { sendWithNonce } from './dpop-nonce.ts'
import type { Endpoint } from './endpoint.ts'
import { readTolerantly } from './tolerant-reader.ts'

/** What a route asks for. */
export type ExchangeRequest = NonNullable<Configuration['routes'][number]['exchange']>

/** An access token for one API. */
export interface ExchangedToken {
  readonly accessToken: string
  /** Seconds, when the authorization server says it. */
  readonly expiresIn?: number
}

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

/**
 * Exchanges an access token.
 *
 * @param subject - the access token, and the thumbprint of the key that it is bound to, if it is: the new one is
 *   bound to the same key
 * @throws {UnusableAnswer} when the answer is no access token of the kind that was asked for
 * @see {@link https://www.rfc-editor.org/rfc/rfc8693#section-2 RFC 8693 section 2}
 */
export async function exchangeToken(
  { dpop, metadata, protocol, signal }: Endpoint,
  subject: { readonly accessToken: string; readonly dpopKey?: string | undefined },
  { audience, resource, scope }: ExchangeRequest,
): Promise<ExchangedToken> {
  const key = subject.dpopKey === undefined ? undefined : await dpop?.find(subject.dpopKey)
  const parameters = {
    subject_token: subject.accessToken,
    subject_token_type: ACCESS_TOKEN,
    requested_token_type: ACCESS_TOKEN,
    ...(audience !== undefined && { audience }),
    ...(resource !== undefined && { resource }),
    ...(scope !== undefined && { scope }),
  }
  const answer = await sendWithNonce(() =>
    oauth.genericTokenEndpointRequest(
      metadata,
      protocol.client,
      protocol.authentication,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      parameters,
      { ...protocol.requestOptions(signal), ...(key && { DPoP: key.handle }) },
    ),
  )
  const tokens = await oauth.processGenericTokenEndpointResponse(
    metadata,
    protocol.client,
    await readTolerantly(answer, 200),
  )
  const { access_token: accessToken, expires_in: expiresIn, issued_token_type: type } = tokens
  if (type !== undefined && type !== ACCESS_TOKEN && type !== JWT) {
    throw new UnusableAnswer('it exchanged the access token for something that is none.')
  }
  if (tokens.token_type !== (key === undefined ? 'bearer' : 'dpop')) {
    throw new UnusableAnswer('it exchanged the access token for one of another token_type.')
  }
  return { accessToken, ...(expiresIn !== undefined && { expiresIn }) }
}
