// The one error class of the SDK.
import { errorPage } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'

/**
 * What went wrong, closed: a `switch` over it can be exhaustive.
 *
 * @see {@link https://github.com/token-handler/token-handler/blob/main/docs/errors/README.md A page for each code}
 */
export type TokenHandlerErrorCode =
  /** The session is over; the user has to sign in again. */
  | 'session_expired'
  /** The session may be fine, but the access token could not be refreshed just now. */
  | 'refresh_unavailable'
  /** No usable answer from the agent: network, CORS, time-out or a 5xx. */
  | 'agent_unreachable'
  /** The agent refused a request in a way only its operator, or this app's options, can mend. */
  | 'agent_configuration'
  /** The agent's or the claims' JSON is not what the profile or the claims schema says. */
  | 'contract_violation'
  /** The sign-in did not end with a session. */
  | 'login_failed'
  /** Sign-ins were started again and again without a session in between, or nothing would have counted them. */
  | 'login_loop'
  /** The page has not left for a sign-in: the navigation was stopped, or the user has come back. */
  | 'navigation_stopped'
  /** A sign-in was started in a frame or a worker: only a page in a tab of its own can leave for it. */
  | 'not_top_level'
  /** The client was disposed. */
  | 'client_disposed'
  /** The sign-in succeeded, but the browser does not send the cookies. */
  | 'cookies_not_stored'
  /** The access token was refreshed, but the request's body cannot be sent a second time. */
  | 'request_not_replayed'
  /** The API wants a stronger or fresher sign-in. */
  | 'step_up_required'

/** Members of {@link TokenHandlerError} besides its code and message. */
export interface TokenHandlerErrorOptions {
  /** The agent operation that failed, if one did. */
  readonly operation?: Operation | undefined
  /** HTTP status of the answer, if there was one. */
  readonly status?: number | undefined
  /** The agent's own error code, e.g. `authorization_server_error`. */
  readonly agentCode?: string | undefined
  /** The agent's details, when it is configured to expose them. */
  readonly details?: string | undefined
  /** Whether the same call may succeed later without any change to code or configuration. */
  readonly retryable?: boolean | undefined
  /**
   * With `step_up_required`: the authentication context classes the API accepts, as in the parameter
   * `acr_values` of a sign-in.
   */
  readonly acrValues?: string | undefined
  /** With `step_up_required`: how long ago the user may have signed in, in seconds, as in `max_age`. */
  readonly maxAge?: number | undefined
  /** What led to it: another error, the API's `Response`, or a claims schema's issues. */
  readonly cause?: unknown
}

const brand = Symbol.for('@token-handler/client/error')

/**
 * Every rejection of this SDK, except what `fetch` itself rejects with on the way to an API. Its message ends with the
 * address of a page about its code. What stands before it is advice in development; a production build says only what
 * this occurrence can tell, such as operation and status.
 */
export class TokenHandlerError extends Error {
  override readonly name = 'TokenHandlerError'
  readonly code: TokenHandlerErrorCode
  declare readonly operation: Operation | undefined
  declare readonly status: number | undefined
  declare readonly agentCode: string | undefined
  declare readonly details: string | undefined
  declare readonly retryable: boolean
  declare readonly acrValues: string | undefined
  declare readonly maxAge: number | undefined
  readonly [brand] = true

  constructor(
    code: TokenHandlerErrorCode,
    message: string,
    { cause, retryable = false, ...members }: TokenHandlerErrorOptions = {},
  ) {
    super(`${message} ${errorPage(code)}`.trim(), { cause })
    Object.assign(this, { retryable }, members)
    this.code = code
  }
}

/** The same failure under the code that says what it means here. */
export function translateError(
  cause: TokenHandlerError,
  code: TokenHandlerErrorCode,
  message: string,
  retryable = false,
): TokenHandlerError {
  const { operation, status, agentCode, details } = cause
  const members = { operation, status, agentCode, details, retryable, cause }
  return new TokenHandlerError(code, message, members)
}

/**
 * Whether a value is a {@link TokenHandlerError}, even if it comes from another copy of this
 * package (two bundles, two versions), where `instanceof` says no.
 *
 * @example
 * import { createTokenHandlerClient, isTokenHandlerError } from '@token-handler/client'
 *
 * const tokenHandler = createTokenHandlerClient({ agentUrl: '/oauth-agent', apiUrls: ['/api/'] })
 * await tokenHandler.refresh().catch((error: unknown) => {
 *   if (isTokenHandlerError(error) && error.code === 'session_expired') return tokenHandler.login()
 *   throw error
 * })
 */
export function isTokenHandlerError(value: unknown): value is TokenHandlerError {
  return typeof value === 'object' && value !== null && brand in value
}

const quietCodes: ReadonlySet<string> = new Set(['client_disposed', 'navigation_stopped'])

/** Whether it is no failure that a user should hear of: the page stayed, or the client has ended. */
export const isQuiet = (error: unknown): boolean =>
  isTokenHandlerError(error) && quietCodes.has(error.code)
