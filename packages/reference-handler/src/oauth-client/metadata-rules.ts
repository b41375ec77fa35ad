// What the configuration demands of the authorization server's metadata beyond what every sign-in needs.
import type * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { fapiAlgorithms } from '../configuration/signature-algorithms.ts'
import { UnusableAnswer } from './classify-failure.ts'

/**
 * Checks metadata, and narrows it to what the configuration allows.
 *
 * @returns the metadata to work with
 * @throws {UnusableAnswer} when the authorization server cannot do what is configured; the message says what
 */
export function applyConfiguration<Metadata extends oauth.AuthorizationServer>(
  metadata: Metadata,
  { client, profile }: Pick<Configuration, 'client' | 'profile'>,
): Metadata {
  checkDpop(metadata, client)
  return profile === 'fapi-2.0' ? applyFapi(metadata) : metadata
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-5.1 RFC 9449 section 5.1} */
function checkDpop(
  metadata: oauth.AuthorizationServer,
  { dpopKeys = [] }: Configuration['client'],
): void {
  const { dpop_signing_alg_values_supported: supported } = metadata
  if (supported === undefined) return
  const unknown = dpopKeys.find(({ alg }) => !supported.includes(alg))
  if (unknown === undefined) return
  throw new UnusableAnswer(
    `its metadata does not list ${unknown.alg}, the algorithm of a key of client.dpopKeys, in dpop_signing_alg_values_supported.`,
  )
}

/** @see {@link https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.2 FAPI 2.0 Security Profile section 5.3.2.2} */
function applyFapi<Metadata extends oauth.AuthorizationServer>(metadata: Metadata): Metadata {
  if (metadata.pushed_authorization_request_endpoint === undefined) {
    throw new UnusableAnswer(
      'its metadata names no pushed_authorization_request_endpoint, which the profile fapi-2.0 demands.',
    )
  }
  if (metadata.authorization_response_iss_parameter_supported !== true) {
    throw new UnusableAnswer(
      'its metadata does not say authorization_response_iss_parameter_supported: true, which the profile fapi-2.0 demands.',
    )
  }
  return {
    ...metadata,
    id_token_signing_alg_values_supported: onlyFapi(metadata.id_token_signing_alg_values_supported),
    authorization_signing_alg_values_supported: onlyFapi(
      metadata['authorization_signing_alg_values_supported'],
    ),
  }
}

/** Where nothing is listed, none of the profile's is refused. */
const onlyFapi = (listed: unknown): string[] => {
  if (!Array.isArray(listed)) return [...fapiAlgorithms]
  const algorithms: readonly unknown[] = listed
  return fapiAlgorithms.filter((algorithm) => algorithms.includes(algorithm))
}
