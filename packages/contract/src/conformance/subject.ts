// What the conformance suite needs of an agent and proxy under test.

/** Something a subject may or may not be able to do; a case names what it needs and is skipped without. */
export type Capability =
  /** Issues real cookies and tells browsers apart by them. */
  | 'cookies'
  /** Answers preflights and sets CORS headers. */
  | 'cors'
  /** Sees whether a request has an `Origin`, and refuses unsafe methods without one. */
  | 'origin-required'
  /** Serves `apiUrl` through the OAuth Proxy. */
  | 'proxy'
  /** The API at `apiUrl` answers with what it received, see {@link EchoedRequest}. */
  | 'echo'
  /** Implements {@link Subject.expireAccessToken}. */
  | 'expire-access-token'
  /** Implements {@link Subject.endSession}. */
  | 'end-session'

/** How the user acts at the authorization server. */
export interface AuthenticateOptions {
  /** Who signs in, by the subject's own name for the user. */
  readonly user?: 'first' | 'second'
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
  /** The SPA's origin, which the agent trusts. */
  readonly origin: string
  readonly capabilities: ReadonlySet<Capability>
  /** Sends one request just as it is, `cookie` and `origin` headers included, and follows no redirect. */
  readonly send: (request: Request) => Promise<Response>
  /** Plays the user at the authorization server: takes the authorization URL, resolves with the callback URL. */
  readonly authenticate: (
    authorizationUrl: string,
    options?: AuthenticateOptions,
  ) => Promise<string>
  /** Makes proxy or API reject every access token issued so far. */
  readonly expireAccessToken?: () => Promise<void>
  /** Makes every later refresh impossible, as the end of the session at the authorization server does. */
  readonly endSession?: () => Promise<void>
  readonly dispose?: () => Promise<void>
}

/** The JSON an echoing API answers with. */
export interface EchoedRequest {
  readonly method: string
  /** Path and query as the API received them. */
  readonly url: string
  /** Lower-case names. The value of `authorization` is cut to its scheme, so that no token is shown. */
  readonly headers: Readonly<Record<string, string>>
}
