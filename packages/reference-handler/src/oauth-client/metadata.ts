// The authorization server's metadata: discovered when first needed, checked, and kept for a while.
import { isHttpUrl } from '@token-handler/contract'
import type * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { signatureAlgorithms } from '../configuration/signature-algorithms.ts'
import { isConfidential } from '../configuration/urls.ts'
import type { Log } from '../ports.ts'
import { describeUnavailability, untilAborted, UnusableAnswer } from './classify-failure.ts'
import { discover } from './discovery.ts'
import { applyConfiguration } from './metadata-rules.ts'
import type { Protocol } from './protocol.ts'

/** Metadata with the endpoints that every sign-in needs. */
export interface Metadata extends oauth.AuthorizationServer {
  readonly authorization_endpoint: string
  readonly token_endpoint: string
}

/**
 * Resolves with the metadata; rejects when there is none to be had.
 *
 * @param signal - makes the signal that aborts loading; most calls load nothing
 */
export type MetadataSource = (signal: () => AbortSignal) => Promise<Metadata>

/** Milliseconds after which metadata is asked for again, so that changes arrive without a restart. */
const KEPT_FOR = 3_600_000

/** Milliseconds until the next try, where asking again brought nothing of use. */
const RETRIED_AFTER = 60_000

/** Metadata, and from when on (ms) it is asked for again. */
interface Kept {
  readonly metadata: Promise<Metadata> | Metadata
  readonly reloadAt: number
}

/** What is accepted as signature of an ID token or authorization response when no metadata says what to expect. */
const SIGNING_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA']

const verifiable: ReadonlySet<unknown> = new Set(signatureAlgorithms)

/**
 * The signature algorithms to accept of those that metadata lists; RS256, which every OpenID provider supports, where
 * it lists none.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata OpenID Connect Discovery section 3}
 */
export function acceptedAlgorithms(listed: unknown): readonly string[] {
  if (!Array.isArray(listed)) return ['RS256']
  const algorithms: readonly unknown[] = listed
  return algorithms.filter((algorithm): algorithm is string => verifiable.has(algorithm))
}

/**
 * Creates the source of an authorization server's metadata. Endpoints of the configuration override
 * discovered ones; with `authorizationEndpoint`, `tokenEndpoint` and, where an ID token is asked for, `jwksUri` given,
 * nothing is discovered. As long as there is no metadata, a failed discovery is forgotten, and the next caller
 * tries again. Later, metadata stays in use until its replacement is there: no caller waits for that, and
 * an authorization server whose discovery is down goes on working.
 *
 * @param needsKeys - whether anything signed is to be verified
 * @param log - gets a warning when a replacement could not be had
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OpenID Connect Discovery section 4}
 */
export function createMetadataSource(
  whole: Pick<Configuration, 'authorizationServer' | 'client' | 'profile'>,
  protocol: Protocol,
  needsKeys: boolean,
  now: () => number,
  log: Log,
): MetadataSource {
  const { authorizationServer: configuration } = whole
  let kept: Kept | undefined

  const load = async (signal: AbortSignal): Promise<Metadata> =>
    applyConfiguration(await loadMetadata(signal), whole)

  async function loadMetadata(signal: AbortSignal): Promise<Metadata> {
    const explicit = explicitMetadata(configuration)
    const hasKeys = explicit.jwks_uri !== undefined || !needsKeys
    if (explicit.authorization_endpoint && explicit.token_endpoint && hasKeys) {
      return checkMetadata({
        issuer: configuration.issuer,
        code_challenge_methods_supported: ['S256'],
        id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
        authorization_signing_alg_values_supported: SIGNING_ALGORITHMS,
        ...explicit,
      })
    }
    return checkMetadata({
      ...(await discover(configuration, protocol, signal)),
      ...(configuration.assumesS256 && { code_challenge_methods_supported: ['S256'] }),
      ...explicit,
    })
  }

  async function loadFirst(signal: AbortSignal): Promise<Metadata> {
    const since = now()
    const loading = untilAborted(load(signal), signal)
    // All concurrent callers share this load (single-flight), however late it is.
    kept = { metadata: loading, reloadAt: Infinity }
    try {
      const metadata = await loading
      kept = { metadata, reloadAt: since + KEPT_FOR }
      return metadata
    } catch (error) {
      kept = undefined
      throw error
    }
  }

  /** Never rejects. */
  async function reload({ metadata }: Kept, signal: AbortSignal): Promise<void> {
    const since = now()
    // Set first, so that only one caller reloads, and a reload that never gets an answer blocks no later one.
    kept = { metadata, reloadAt: since + RETRIED_AFTER }
    try {
      const replacement = await untilAborted(load(signal), signal)
      kept = { metadata: replacement, reloadAt: since + KEPT_FOR }
    } catch (error) {
      log.warn(
        { details: describeUnavailability(error) },
        'metadata refresh failed; continuing with the cached metadata',
      )
    }
  }

  return async (signal) => {
    if (kept === undefined) return await loadFirst(signal())
    const { metadata } = kept
    if (now() >= kept.reloadAt) void reload(kept, signal())
    return await metadata
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
  if (!isHttpUrl(authorization_endpoint) || !isConfidential(authorization_endpoint)) {
    throw new UnusableAnswer(
      'its metadata names no authorization_endpoint that a browser may visit: it has to be https.',
    )
  }
  if (!isHttpUrl(token_endpoint)) {
    throw new UnusableAnswer('its metadata names no token_endpoint.')
  }
  // RFC 9700 section 2.1.1: without PKCE a stolen code can be injected into another login.
  if (!metadata.code_challenge_methods_supported?.includes('S256')) {
    throw new UnusableAnswer(
      'its metadata does not list S256 in code_challenge_methods_supported. Where it supports S256 all the same, set authorizationServer.assumesS256.',
    )
  }
  return { ...metadata, authorization_endpoint, token_endpoint }
}
