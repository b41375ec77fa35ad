// Error codes of agent and proxy, and the status each one has. Each has a page in docs/errors.

/**
 * The address of the page about an error code: what it means, how it looks, and its mend.
 *
 * @example
 * import { errorPage } from '@token-handler/contract'
 *
 * console.log(errorPage('session_expired'))
 */
export const errorPage = (code: string): string =>
  `https://github.com/token-handler/token-handler/blob/main/docs/errors/${code}.md`

/** Codes the agent answers with, besides the authorization server's own front-channel codes. */
export const agentErrorStatus = {
  invalid_request: 400,
  authorization_error: 400,
  login_required: 401,
  session_expired: 401,
  untrusted_request: 403,
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  server_error: 500,
  authorization_server_error: 502,
  temporarily_unavailable: 503,
} as const

/** Codes the proxy answers with; anything else on an API route comes from the API itself. */
export const proxyErrorStatus = {
  invalid_request: 400,
  unauthorized: 401,
  untrusted_request: 403,
  not_found: 404,
  method_not_allowed: 405,
  server_error: 500,
  upstream_error: 502,
  token_exchange_failed: 502,
  temporarily_unavailable: 503,
  upstream_timeout: 504,
} as const

/** An error code of the agent itself. */
export type AgentErrorCode = keyof typeof agentErrorStatus

/** An error code of the proxy itself. */
export type ProxyErrorCode = keyof typeof proxyErrorStatus

/** An error answer, as clients see it: `code` is open because authorization servers add their own. */
export interface WireError {
  readonly code: string
  /** Only when the handler is configured to expose details. */
  readonly details?: string
}
