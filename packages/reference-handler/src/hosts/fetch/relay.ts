// A WebSocket between a client and an upstream, message by message: closed by either end, or when its time is over.
import type { Schedule } from '../../ports.ts'
import { closeCodes } from '../../proxy/web-socket.ts'

/** A message. */
export type Message = string | ArrayBuffer

/** One end, as far as something can be done to it. */
export interface RelayEnd {
  readonly send: (message: Message) => void
  readonly close: (code?: number, reason?: string) => void
}

/** What one end has to report. */
export interface RelaySide {
  readonly message: (message: Message) => void
  readonly closed: (code: number, reason: string) => void
}

/** Which of the two ends says what. */
export interface Relay {
  readonly client: RelaySide
  readonly upstream: RelaySide
}

/** When a relay ends by itself. */
export interface RelayOptions {
  /** Milliseconds since the epoch. */
  readonly closesAt: number
  readonly now: () => number
  readonly schedule: Schedule
  /** Called once, when both ends have been closed. */
  readonly onEnd?: () => void
}

/** Timers of most runtimes take no longer ones; a WebSocket that is still open then waits once more. */
const MAX_DELAY = 2 ** 31 - 1

/** What an end says that was lost without a word, or with none (RFC 6455 section 7.4.1). */
const NO_STATUS = 1005
const ABNORMAL = 1006
const INTERNAL_ERROR = 1011

/**
 * Connects two ends. The client is told with the code 4401 that the access token has expired.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6455#section-7.4 RFC 6455 section 7.4}
 */
export function createRelay(client: RelayEnd, upstream: RelayEnd, options: RelayOptions): Relay {
  const { closesAt, now, schedule, onEnd } = options
  let isOver = false
  let callOff = (): void => {}

  function end(code: number, reason: string): void {
    if (isOver) return
    isOver = true
    callOff()
    closeEnd(client, code, reason)
    closeEnd(upstream, code, reason)
    onEnd?.()
  }

  function wait(): void {
    const left = closesAt - now()
    if (left <= 0) return end(closeCodes.accessTokenExpired, 'access token expired')
    callOff = schedule(Math.min(left, MAX_DELAY), wait)
  }

  const side = (other: RelayEnd): RelaySide => ({
    message(message) {
      if (isOver) return
      try {
        other.send(message)
      } catch {
        end(INTERNAL_ERROR, '')
      }
    },
    closed: end,
  })
  wait()
  return { client: side(upstream), upstream: side(client) }
}

/** Some runtimes let scripts send few of the codes that arrive; then the end is told without one. */
function closeEnd(end: RelayEnd, code: number, reason: string): void {
  const told = code === ABNORMAL ? INTERNAL_ERROR : code
  try {
    if (told === NO_STATUS) end.close()
    else end.close(told, reason)
  } catch {
    try {
      end.close()
    } catch {
      // It is closed.
    }
  }
}

/** What all runtimes have of a WebSocket. */
export interface WebSocketLike extends RelayEnd {
  binaryType: string
  readonly addEventListener: (
    type: 'message' | 'close' | 'error' | 'open',
    listener: (event: {
      readonly data?: unknown
      readonly code?: number
      readonly reason?: string
    }) => void,
  ) => void
}

/** Has a WebSocket report to its side of a relay. */
export function report(socket: WebSocketLike, side: RelaySide): void {
  // workerd hands out a Blob by default, whose text is all that would be sent on.
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string' || data instanceof ArrayBuffer) side.message(data)
  })
  socket.addEventListener('close', ({ code = NO_STATUS, reason = '' }) => side.closed(code, reason))
  socket.addEventListener('error', () => side.closed(ABNORMAL, ''))
}
