// CORS for the exact trusted origins, and for no other.

/** Chrome caps the preflight cache at two hours; more would only mislead. */
const PREFLIGHT_MAX_AGE = 7200

/** What a preflight may be answered with. */
export interface PreflightAllowance {
  readonly methods: readonly string[]
  /** Request header names besides the safelisted ones. */
  readonly headers: readonly string[]
}

const isTrusted = (
  origin: string | null | undefined,
  trustedOrigins: readonly string[],
): origin is string => typeof origin === 'string' && trustedOrigins.includes(origin)

/**
 * Headers for every answer, errors included: a page that cannot read an error cannot act on it.
 *
 * @param origin - the request's `Origin` header, if any
 * @see {@link https://fetch.spec.whatwg.org/#http-responses Fetch, CORS response headers}
 */
export function corsHeaders(
  origin: string | null | undefined,
  trustedOrigins: readonly string[],
): Record<string, string> {
  // Also for untrusted origins, or a cache could hand one origin the answer meant for another.
  if (!isTrusted(origin, trustedOrigins)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
  }
}

/**
 * Headers of the 204 that answers a preflight. For an untrusted origin they grant nothing, and the
 * browser keeps the request to itself.
 *
 * @see {@link https://fetch.spec.whatwg.org/#cors-preflight-fetch Fetch, CORS-preflight fetch}
 */
export function preflightHeaders(
  origin: string | null | undefined,
  trustedOrigins: readonly string[],
  allowance: PreflightAllowance,
): Record<string, string> {
  const vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
  if (!isTrusted(origin, trustedOrigins)) return { vary }
  return {
    vary,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': allowance.methods.join(', '),
    'access-control-allow-headers': allowance.headers.join(', '),
    'access-control-max-age': String(PREFLIGHT_MAX_AGE),
  }
}
