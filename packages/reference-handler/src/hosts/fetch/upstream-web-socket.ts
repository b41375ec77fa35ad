// A WebSocket to an upstream where the runtime's constructor takes headers, as those of Deno and Bun do.
import type { Schedule } from '../../ports.ts'
import type { Tunnel } from '../../proxy/decision.ts'
import type { UpstreamFailureCode } from '../../proxy/upstream-refusal.ts'
import { handshakeHeaders, offeredProtocols } from './handshake.ts'
import type { WebSocketLike } from './relay.ts'

/** A WebSocket that the upstream has opened. */
export interface UpstreamWebSocket extends WebSocketLike {
  /** The subprotocol that the upstream has chosen, or nothing. */
  readonly protocol: string
}

/** How the handshake ended. */
export type UpstreamHandshake =
  | { readonly kind: 'open'; readonly socket: UpstreamWebSocket }
  | { readonly kind: 'failed'; readonly code: UpstreamFailureCode }

type Constructor = new (
  url: string,
  options: {
    readonly headers: Readonly<Record<string, string>>
    readonly protocols?: readonly string[]
  },
) => UpstreamWebSocket

/** Opens a WebSocket to an upstream. Never rejects; why an upstream declines, these constructors do not tell. */
export function openUpstreamWebSocket(
  tunnel: Tunnel,
  schedule: Schedule,
): Promise<UpstreamHandshake> {
  const { WebSocket } = globalThis as unknown as { readonly WebSocket: Constructor }
  const protocols = offeredProtocols(tunnel)
  return new Promise((resolve) => {
    const url = tunnel.origin.replace(/^http/, 'ws') + tunnel.path
    const headers = Object.fromEntries(handshakeHeaders(tunnel))
    const socket = new WebSocket(url, { headers, ...(protocols.length > 0 && { protocols }) })
    socket.binaryType = 'arraybuffer'
    const callOff = schedule(tunnel.timeout * 1000, () => {
      resolve({ kind: 'failed', code: 'upstream_timeout' })
      socket.close()
    })
    const fail = () => {
      callOff()
      resolve({ kind: 'failed', code: 'upstream_error' })
    }
    socket.addEventListener('open', () => {
      callOff()
      resolve({ kind: 'open', socket })
    })
    socket.addEventListener('error', fail)
    socket.addEventListener('close', fail)
  })
}
