// The second argument of `fetch`, read as the Fetch standard reads it.

/** The options of a request to an API. */
export interface ApiRequestInit extends RequestInit {
  /**
   * `false`: the request never waits for a refresh of the access token and never causes one, and its 401 is
   * returned as it is. For polling that must not keep a session alive, for instance.
   * @default true
   */
  readonly refresh?: boolean | undefined
}

// As a record, so that the compiler says when one is missing.
const MEMBERS: Readonly<Record<keyof RequestInit | 'duplex', 1>> = {
  method: 1,
  headers: 1,
  body: 1,
  referrer: 1,
  referrerPolicy: 1,
  mode: 1,
  credentials: 1,
  cache: 1,
  redirect: 1,
  integrity: 1,
  keepalive: 1,
  signal: 1,
  duplex: 1,
  priority: 1,
  window: 1,
}

/**
 * Reads every member of the standard, wherever it stands: a `Request`, or an object of a class, has them on its
 * prototype. What a framework has added is kept if it is the object's own.
 *
 * @see {@link https://webidl.spec.whatwg.org/#js-dictionary Web IDL, dictionary types}
 */
export function readInit(init: ApiRequestInit | null | undefined): RequestInit {
  const { refresh: _refresh, ...own }: Record<string, unknown> = { ...init }
  for (const name of Object.keys(MEMBERS)) {
    const value: unknown = init?.[name as keyof RequestInit]
    if (value !== undefined) own[name] = value
  }
  return own
}
