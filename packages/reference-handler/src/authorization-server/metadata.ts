// The authorization server's metadata: discovered when first needed, checked, and kept for a while.
import { isHttpUrl } from '@token-handler/contract'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { untilAborted, UnusableAnswer } from './attempt.ts'
import type { Protocol } from './protocol.ts'

/** Metadata with the endpoints that every sign-in needs. */
export interface Metadata extends oauth.AuthorizationServer {
  readonly authorization_endpoint: string
  readonly token_endpoint: string
}

/** Resolves with the metadata; rejects when there is none to be had. */
export type MetadataSource = (signal: AbortSignal) => Promise<Metadata>

/** Milliseconds after which metadata is asked for again, so that changes arrive without a restart. */
const KEPT_FOR = 3_600_000

/** What is accepted as signature of an ID token or authorization response when no metadata says what to expect. */
const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA']

/**
 * Creates the source of an authorization server's metadata. Endpoints of the configuration override
 * discovered ones; with `authorizationEndpoint`, `tokenEndpoint` and `jwksUri` given, nothing is
 * discovered. A failed discovery is forgotten, and the next caller tries again.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Connect Discovery section 4}
 */
export function createMetadataSource(
  configuration: Configuration['authorizationServer'],
  protocol: Protocol,
  now: () => number,
): MetadataSource {
  const issuer = new URL(configuration.issuer)
  let kept: { readonly metadata: Promise<Metadata>; readonly since: number } | undefined

  async function load(signal: AbortSignal): Promise<Metadata> {
    const explicit = explicitMetadata(configuration)
    if (explicit.authorization_endpoint && explicit.token_endpoint && explicit.jwks_uri) {
      return checkMetadata({
        issuer: configuration.issuer,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
        authorization_signing_alg_values_supported: SIGNING_ALGORITHMS,
        ...explicit,
      })
    }
    const response = await oauth.discoveryRequest(issuer, protocol.requestOptions(signal))
    return checkMetadata({
      ...(await oauth.processDiscoveryResponse(issuer, response)),
      ...explicit,
    })
  }

  return async (signal) => {
    if (kept && now() - kept.since < KEPT_FOR) return await kept.metadata
    const attempted = { metadata: untilAborted(load(signal), signal), since: now() }
    kept = attempted
    try {
      return await attempted.metadata
    } catch (error) {
      if (kept === attempted) kept = undefined
      throw error
    }
  }
}

/** The endpoints of the configuration, by their names in metadata. */
function explicitMetadata(configuration: Configuration['authorizationServer']) {
  const { authorizationEndpoint, tokenEndpoint, jwksUri } = configuration
  const { endSessionEndpoint, revocationEndpoint, introspectionEndpoint } = configuration
  const { pushedAuthorizationRequestEndpoint } = configuration
  return {
    ...(authorizationEndpoint !== undefined && { authorization_endpoint: authorizationEndpoint }),
    ...(tokenEndpoint !== undefined && { token_endpoint: tokenEndpoint }),
    ...(jwksUri !== undefined && { jwks_uri: jwksUri }),
    ...(endSessionEndpoint !== undefined && { end_session_endpoint: endSessionEndpoint }),
    ...(revocationEndpoint !== undefined && { revocation_endpoint: revocationEndpoint }),
    ...(introspectionEndpoint !== undefined && { introspection_endpoint: introspectionEndpoint }),
    ...(pushedAuthorizationRequestEndpoint !== undefined && {
      pushed_authorization_request_endpoint: pushedAuthorizationRequestEndpoint,
    }),
  }
}

function checkMetadata(metadata: oauth.AuthorizationServer): Metadata {
  const { authorization_endpoint, token_endpoint } = metadata
  if (!isHttpUrl(authorization_endpoint)) {
    throw new UnusableAnswer(
      'its metadata names no authorization_endpoint that a browser may visit.',
    )
  }
  if (!isHttpUrl(token_endpoint)) {
    throw new UnusableAnswer('its metadata names no token_endpoint.')
  }
  // RFC 9700 section 2.1.1: without PKCE a stolen code can be injected into another login.
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new UnusableAnswer(
      'its metadata does not list S256 in code_challenge_methods_supported. Where it supports S256 all the same, configure authorizationEndpoint, tokenEndpoint and jwksUri, and no metadata is used.',
    )
  }
  return { ...metadata, authorization_endpoint, token_endpoint }
}
