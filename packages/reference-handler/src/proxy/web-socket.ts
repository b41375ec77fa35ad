// Which requests ask for a WebSocket, and which only mention another protocol; and how the proxy closes one.

/** Close codes that the proxy sends. */
export const closeCodes = {
  /** The server ends (RFC 6455 section 7.4.1). */
  goingAway: 1001,
  /** Ours, out of the range for applications: the access token has expired; refresh and connect again. */
  accessTokenExpired: 4401,
} as const

/** Looks up what of a request says so. */
type HeaderLookup = (name: 'connection' | 'upgrade') => string | undefined

/**
 * Whether a request asks for a WebSocket. All else that `Upgrade` may name is ignored, as RFC 9110 has it:
 * clients offer HTTP/2 (`h2c`) with requests that are good without it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6455#section-4.1 RFC 6455 section 4.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-7.8 RFC 9110 section 7.8}
 */
export function asksForWebSocket(method: string, header: HeaderLookup): boolean {
  if (method !== 'GET' || header('upgrade')?.trim().toLowerCase() !== 'websocket') return false
  const options = (header('connection') ?? '').toLowerCase().split(',')
  return options.some((option) => option.trim() === 'upgrade')
}
