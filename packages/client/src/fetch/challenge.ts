// What an API says with its 401.
/** A `Bearer` challenge, as far as it matters here. */
export interface Challenge {
  readonly error: string | undefined
  /** Authentication context classes, separated by spaces, in order of preference. */
  readonly acrValues: string | undefined
  /** How long ago the user may have signed in, in seconds. */
  readonly maxAge: number | undefined
}

/**
 * Reads `WWW-Authenticate`; an API of another origin has to expose it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-3 RFC 9470 section 3}
 */
export function readChallenge({ headers }: Response): Challenge {
  const read = new Map<string, string>()
  // A quoted value is consumed whole: what it speaks of is no parameter.
  const pairs = /([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,"]+))/g
  for (const [, name = '', quoted, plain = ''] of (headers.get('www-authenticate') ?? '').matchAll(
    pairs,
  )) {
    const key = name.toLowerCase()
    if (!read.has(key)) read.set(key, quoted ?? plain)
  }
  const maxAge = read.get('max_age') ?? ''
  return {
    error: read.get('error'),
    acrValues: read.get('acr_values'),
    maxAge: /^\d+$/.test(maxAge) ? Number(maxAge) : undefined,
  }
}
