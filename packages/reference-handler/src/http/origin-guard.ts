// Deciding whether a request was sent by code that we trust: the defence against request forgery.
import { VERSION, VERSION_HEADER } from '@token-handler/contract'

/** What the decision rests on. */
export interface GuardedRequest {
  readonly method: string
  /** Looks up a header. */
  readonly headers: (
    name: 'origin' | 'sec-fetch-site' | typeof VERSION_HEADER,
  ) => string | undefined
  /** Origins of the SPA, compared character by character. */
  readonly trustedOrigins: readonly string[]
  /** The resource may be read by `EventSource`, which cannot send the version header. */
  readonly eventSource?: boolean
  /** The request opens a WebSocket, which cannot carry the version header and is not bound by CORS. */
  readonly upgrade?: boolean
}

/** Trusted, or the reason why not; the reason is for logs and developers. */
export type OriginDecision = 'trusted' | { readonly reason: string }

const isSafe = (method: string) => method === 'GET' || method === 'HEAD'

/**
 * Checks `Origin`, `Sec-Fetch-Site` and the version header. An `Origin` that is present must be a
 * trusted one, whatever the method. GET and HEAD pass without, because browsers send none with
 * requests to the page's own origin.
 *
 * @see {@link https://fetch.spec.whatwg.org/#origin-header Fetch, Origin header}
 * @see {@link https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header Fetch Metadata, Sec-Fetch-Site}
 */
export function checkOrigin(request: GuardedRequest): OriginDecision {
  const { method, headers, trustedOrigins, eventSource = false, upgrade = false } = request
  const origin = headers('origin')
  const site = headers('sec-fetch-site')

  if (origin !== undefined && !trustedOrigins.includes(origin)) {
    return { reason: 'The Origin header names an origin that is not in trustedOrigins.' }
  }
  if (origin === undefined && upgrade) {
    return { reason: 'A WebSocket needs the Origin header of a trusted origin.' }
  }
  if (origin === undefined && !isSafe(method)) {
    return { reason: `A ${method} request needs the Origin header of a trusted origin.` }
  }
  if (origin === undefined && site === 'cross-site') {
    return { reason: 'The request comes from another site and has no Origin header.' }
  }

  if (upgrade || headers(VERSION_HEADER) === VERSION) return 'trusted'
  const sameOrigin = site === 'same-origin'
  const sameSite = site === 'same-site' && origin !== undefined
  if (eventSource && method === 'GET' && (sameOrigin || sameSite)) return 'trusted'
  return { reason: `The request needs the header "${VERSION_HEADER}: ${VERSION}".` }
}
