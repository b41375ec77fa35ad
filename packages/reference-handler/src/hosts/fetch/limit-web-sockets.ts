// How many WebSockets may be open at a time.
import type { OpenWebSocket, WebSocketOpening } from './fetch-handler.ts'
import type { Tunnel } from '../../proxy/decision.ts'

/** Opens a WebSocket and calls `onEnd`, once, when it is over; also when it never opened. */
export type OpenCounted = (
  tunnel: Tunnel,
  opening: WebSocketOpening,
  onEnd: () => void,
) => Promise<Response>

/** Answers 503 to the handshakes beyond the limit. */
export function limitWebSockets(max: number, open: OpenCounted): OpenWebSocket {
  let count = 0
  return async (tunnel, opening) => {
    if (count >= max) {
      return opening.refuse({
        kind: 'refuse',
        code: 'temporarily_unavailable',
        reason: 'Too many WebSockets are open; see server.maxWebSockets.',
        headers: { ...tunnel.corsHeaders, 'retry-after': '10' },
      })
    }
    count += 1
    let isOver = false
    const onEnd = () => {
      if (!isOver) count -= 1
      isOver = true
    }
    try {
      return await open(tunnel, opening, onEnd)
    } catch (error) {
      onEnd()
      throw error
    }
  }
}
