// What of a WebSocket handshake is said to the upstream, where the runtime makes the handshake itself.
import type { Tunnel } from '../../proxy/decision.ts'
import { headersOf } from './header-lines.ts'

/** Headers for the upstream, but for those of the handshake itself: the runtime makes its own. */
export const handshakeHeaders = ({ headers }: Tunnel): Headers =>
  headersOf(headers, (name) => !name.startsWith('sec-websocket-') && name !== 'content-length')

/** The subprotocols that the client offers, in its order. */
export function offeredProtocols(tunnel: Tunnel): readonly string[] {
  const offered = headersOf(tunnel.headers).get('sec-websocket-protocol')
  return offered === null ? [] : offered.split(',').map((protocol) => protocol.trim())
}
