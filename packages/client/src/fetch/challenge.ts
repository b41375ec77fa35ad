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
  const text = headers.get('www-authenticate') ?? ''
  function read(name: string): string | undefined {
    const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(text)
    return match?.[1] ?? match?.[2]
  }
  const maxAge = read('max_age')
  return {
    error: read('error'),
    acrValues: read('acr_values'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
  }
}
