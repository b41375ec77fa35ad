// A WebSocket between a client and an upstream: opened by the upstream, closed by either end, or at token expiry.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Tunnel } from '../../proxy/decision.ts'
import type { Schedule } from '../../ports.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import type { ProofAnswer } from '../../proxy/proofs.ts'
import { answerAndClose, headText } from './raw-answer.ts'
import { classifyFailure } from './upstream-failure.ts'
import type { UpstreamFailure } from './upstream-failure.ts'
import { toHeaderLines } from './upstreams.ts'
import type { Upstreams } from './upstreams.ts'
import { closeFrame, createFrameTracker } from './web-socket-frames.ts'

/** The client's end, as Node hands it over. */
export interface ClientEnd {
  readonly request: IncomingMessage
  readonly socket: Duplex
  /** What the client has sent already, past its request. */
  readonly head: Buffer
  /** Makes the headers of the answer; called once, when the upstream has sent its own. */
  readonly answerHeaders: (upstream: HeaderLines) => HeaderLines
  /** Resolves with the headers of a handshake that is sent again; `undefined` where the answer is final. */
  readonly proveAgain?: ((answer: ProofAnswer) => Promise<HeaderLines> | undefined) | undefined
}

/** A WebSocket that is open. */
export interface OpenTunnel {
  readonly kind: 'open'
  /** Tells the client why, and closes both ends, at once or a little later. */
  readonly close: (code: number, reason: string) => void
  /** Resolves when both ends are closed. */
  readonly closed: Promise<void>
}

/**
 * How the handshake ended. After `failed` and `called-off` nothing has been sent; `declined` is what the
 * upstream answered.
 */
export type TunnelResult =
  | OpenTunnel
  | { readonly kind: 'called-off' }
  | { readonly kind: 'declined'; readonly status: number }
  | { readonly kind: 'client-left' }
  | UpstreamFailure

/** Milliseconds that a client gets to close its end after it was told to. */
const CLOSE_TIMEOUT = 2000

/** Of a declined handshake browsers show nothing, so no body is sent. */
const isAboutBody = (name: string) => /^content-/i.test(name)

/**
 * Opens a WebSocket to an upstream. What passes afterwards is not looked into, but for the ends of the
 * upstream's frames; each end is read as fast as the other takes it. The handshake goes over a new
 * connection, which the WebSocket takes over.
 *
 * @param schedule - ends what a client that was told to close leaves open
 * @param signal - calls off a handshake that the upstream has yet to answer
 * @returns when the upstream has answered the handshake; never rejects
 */
export function openTunnel(
  upstreams: Upstreams,
  decision: Tunnel,
  { socket, head, answerHeaders, proveAgain }: ClientEnd,
  schedule: Schedule,
  signal: AbortSignal,
): Promise<TunnelResult> {
  return new Promise((resolve) => {
    let handshake: Dispatcher.DispatchController | undefined
    const callOff = () => {
      stay()
      resolve({ kind: 'called-off' })
      handshake?.abort(new Error('The handshake was called off.'))
    }
    const leave = () => {
      stay()
      socket.destroy()
      resolve({ kind: 'client-left' })
      handshake?.abort(new Error('The client has left.'))
    }
    const stay = () => {
      socket.off('close', leave).off('end', leave)
      signal.removeEventListener('abort', callOff)
    }
    signal.addEventListener('abort', callOff)
    socket.once('close', leave).once('end', leave)
    // Nothing reads from the socket yet, and without a reader the client's close would go unnoticed.
    socket.read(0)
    const { path, timeout } = decision
    const shakeHands = (headers: HeaderLines, isAgain: boolean): void => {
      let isSuperseded = false
      const options = {
        path,
        method: 'GET',
        headers: [...headers],
        headersTimeout: timeout * 1000,
        upgrade: 'websocket',
      }
      upstreams.dispatchAlone(decision, options, {
        onRequestStart(controller) {
          handshake = controller
          if (socket.destroyed) leave()
          if (signal.aborted) callOff()
        },
        onRequestUpgrade(_controller, status, upstreamHeaders, upstream) {
          stay()
          const lines = answerHeaders(toHeaderLines(upstreamHeaders))
          const all = ['connection', 'Upgrade', 'upgrade', 'websocket', ...lines]
          socket.write(headText(status, all), 'latin1')
          if (head.length > 0) upstream.write(head)
          resolve(connect(socket, upstream, schedule))
        },
        onResponseStart(controller, status, upstreamHeaders) {
          if (status < 200) return
          const received = toHeaderLines(upstreamHeaders)
          const proven = isAgain ? undefined : proveAgain?.({ status, headers: received })
          if (proven !== undefined) {
            isSuperseded = true
            controller.abort(new Error('The handshake is sent again with another proof.'))
            proven.then((others) => shakeHands(others, true), failed)
            return
          }
          stay()
          const lines = answerHeaders(received)
          const kept = lines.filter(
            (_line, index) => !isAboutBody(lines[index - (index % 2)] ?? ''),
          )
          answerAndClose(socket, status, kept)
          resolve({ kind: 'declined', status })
          controller.abort(new Error('The handshake was declined.'))
        },
        onResponseError(_controller, cause) {
          if (!isSuperseded) failed(cause)
        },
      })
    }
    const failed = (cause: unknown): void => {
      stay()
      resolve({ kind: 'failed', code: classifyFailure(cause), cause })
    }
    shakeHands(decision.headers, false)
  })
}

/** Connects both ends until one of them closes, or until told to close. */
function connect(client: Duplex, upstream: Duplex, schedule: Schedule): OpenTunnel {
  const frames = createFrameTracker()
  let goodbye: Buffer | undefined

  const destroy = () => {
    client.destroy()
    upstream.destroy()
  }
  const closed = Promise.all(
    [client, upstream].map(
      (end) =>
        new Promise<void>((resolve) => {
          end.on('error', destroy)
          end.once('close', () => {
            destroy()
            resolve()
          })
        }),
    ),
  )

  /** Ends what is said to the client; what it answers still goes to the upstream. */
  function sayGoodbye(frame: Buffer): void {
    upstream.off('data', pass)
    upstream.resume()
    client.write(frame)
  }

  function pass(chunk: Buffer): void {
    const end = frames.track(chunk)
    if (goodbye !== undefined && end !== undefined) {
      client.write(chunk.subarray(0, end))
      sayGoodbye(goodbye)
    } else if (!client.write(chunk)) upstream.pause()
  }

  upstream.on('data', pass)
  upstream.once('end', () => client.end())
  client.on('drain', () => upstream.resume())
  client.pipe(upstream)

  return {
    kind: 'open',
    close(code, reason) {
      if (goodbye !== undefined) return
      goodbye = closeFrame(code, reason)
      if (frames.isBetweenFrames()) sayGoodbye(goodbye)
      const callOff = schedule(CLOSE_TIMEOUT, destroy)
      void closed.then(callOff)
    },
    closed: closed.then(() => {}),
  }
}
