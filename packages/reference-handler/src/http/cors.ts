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

/** What a log says of a preflight that grants nothing; browsers tell the page as little as they can. */
export const UNTRUSTED_PREFLIGHT = 'preflight refused: the origin is not in trustedOrigins'

/**
 * Headers of the 204 that answers a preflight of a path that nothing serves, or that is refused. The page may send its
 * request, and so read the 404 or 400: with such an answer to the preflight it would look like a network error.
 *
 * @param asked - looks up a header of the preflight
 */
export function unservedPathPreflightHeaders(
  trustedOrigins: readonly string[],
  asked: (
    name: 'origin' | 'access-control-request-method' | 'access-control-request-headers',
  ) => string | undefined,
): Record<string, string> | undefined {
  const method = asked('access-control-request-method')
  if (method === undefined || !TOKEN.test(method)) return undefined
  const headers = listHeaderNames(asked('access-control-request-headers'))
  return preflightHeaders(asked('origin'), trustedOrigins, { methods: [method], headers })
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** The names in `Access-Control-Request-Headers`, in lower case. */
export function listHeaderNames(value = ''): readonly string[] {
  return value
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => TOKEN.test(name))
}
