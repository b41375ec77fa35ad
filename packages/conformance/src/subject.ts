// What the conformance suite needs of an agent and proxy under test.

/** Something a subject may or may not be able to do; a case names what it needs and is skipped without. */
export type Capability =
  /** Issues real cookies and tells browsers apart by them. */
  | 'cookies'
  /** Answers preflights and sets CORS headers. */
  | 'cors'
  /** Sees whether a request has an `Origin`, and refuses unsafe methods without one. */
  | 'origin-required'
  /** Sees an `Origin` that is empty; some runtimes drop it before anything of theirs runs. */
  | 'empty-origin'
  /** Serves `apiUrl` through the OAuth Proxy. */
  | 'proxy'
  /** The API answers at `apiUrl`, and below it, with what it received, see {@link EchoedRequest}. */
  | 'echo'
  /** Implements {@link Subject.expireAccessToken}. */
  | 'expire-access-token'
  /** Implements {@link Subject.endSession}. */
  | 'end-session'
  /** Implements {@link Subject.rotateKeys}. */
  | 'key-rotation'
  /** Implements {@link Subject.setAvailable} for the authorization server. */
  | 'authorization-server-outage'
  /** Implements {@link Subject.setAvailable} for the API. */
  | 'api-outage'
  /** Implements {@link Subject.limitRates}. */
  | 'rate-limit'
  /** Protects its authorization requests as an authorization server wants them: PKCE, state, nonce. */
  | 'pkce'
  /** The authorization server issues a new refresh token each time, and takes a second use for theft. */
  | 'refresh-rotation'
  /** The authorization server answers with signed responses (JARM). */
  | 'jarm'
  /** Its metadata promises to name the issuer in authorization responses: `authorization_response_iss_parameter_supported`. */
  | 'response-issuer'
  /** Knows the user `large`, see {@link AuthenticateOptions.user}. */
  | 'large-claims'
  /** Has a {@link Subject.streamUrl}. */
  | 'streaming'
  /** `EventSource`, which cannot send headers, may read {@link Subject.streamUrl}. */
  | 'event-source'
  /** Agent and proxy have their origin to themselves, so that any other path is not found. */
  | 'whole-origin'
  /** Offers to bind sessions to the device (DBSC), within seconds after a login. */
  | 'device-binding'

/** How the user acts at the authorization server. */
export interface AuthenticateOptions {
  /** The user that signs in; `large` has claims that fit into no cookie. */
  readonly user?: 'first' | 'second' | 'large'
  /** The error the authorization server redirects back with instead of a code. */
  readonly error?: string
}

/** An agent (and proxy) under test. */
export interface Subject {
  /** Shown in reports. */
  readonly name: string
  /** The agent's URL, without a trailing slash. */
  readonly agentUrl: string
  /** A resource behind the proxy that answers 200 to a signed-in GET. */
  readonly apiUrl: string
  /** A resource behind the proxy that answers with server-sent events, the first at once, and does not end. */
  readonly streamUrl?: string
  /** The SPA's origin, which the agent trusts. */
  readonly origin: string
  readonly capabilities: ReadonlySet<Capability>
  /** Sends one request just as it is, `cookie` and `origin` headers included, and follows no redirect. */
  readonly send: (request: Request) => Promise<Response>
  /**
   * Plays the user at the authorization server: takes the authorization URL, resolves with the callback
   * URL. Rejects with `NotApplicable` what it cannot play; then the case is skipped for that reason.
   */
  readonly authenticate: (
    authorizationUrl: string,
    options?: AuthenticateOptions,
  ) => Promise<string>
  /** Makes proxy or API reject every access token issued so far. */
  readonly expireAccessToken?: () => Promise<void>
  /** Makes every later refresh impossible, as the end of the session at the authorization server does. */
  readonly endSession?: () => Promise<void>
  /** Makes the agent seal with a new key; it still opens what it sealed with the one before. */
  readonly rotateKeys?: () => Promise<void>
  /** Makes the agent refuse a client that starts, or refreshes, more than a few times a minute. */
  readonly limitRates?: () => Promise<void>
  /** Takes a part of the world behind agent and proxy down, or up again. */
  readonly setAvailable?: (
    part: 'authorization-server' | 'api',
    available: boolean,
  ) => Promise<void>
}

/** The JSON an echoing API answers with. */
export interface EchoedRequest {
  readonly method: string
  /** Path and query as the API received them. */
  readonly url: string
  /** Lower-case names. The value of `authorization` is cut to its scheme, so that no token is shown. */
  readonly headers: Readonly<Record<string, string>>
}
