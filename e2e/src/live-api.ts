// An API with WebSockets: it greets, says everything once more, and knows what it was opened with.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'

/** A running API. */
export interface LiveApi {
  readonly url: string
  /** The headers of every handshake that reached it. */
  readonly handshakes: readonly IncomingHttpHeaders[]
  /** The close codes that it was told. */
  readonly closeCodes: readonly number[]
  readonly stop: () => Promise<void>
}

/** RFC 6455 section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const TEXT = 0x81
const CLOSE = 0x88

const frame = (kind: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([kind, payload.length]), payload])

/** Takes short frames off the front of what a browser has sent, unmasked; the rest has yet to come. */
function readFrames(received: Buffer) {
  const frames: { readonly kind: number; readonly payload: Buffer }[] = []
  let rest = received
  for (;;) {
    const [kind, masked] = rest
    if (kind === undefined || masked === undefined) return { frames, rest }
    const end = 6 + (masked & 0x7f)
    if (rest.length < end) return { frames, rest }
    const mask = rest.subarray(2, 6)
    const payload = rest.subarray(6, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0))
    frames.push({ kind, payload: Buffer.from(payload) })
    rest = rest.subarray(end)
  }
}

/** Starts it on a free port. It takes text messages of at most 125 bytes. */
export async function startLiveApi(): Promise<LiveApi> {
  const handshakes: IncomingHttpHeaders[] = []
  const closeCodes: number[] = []
  const sockets = new Set<Duplex>()

  function serve(socket: Duplex): void {
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      const { frames, rest } = readFrames(Buffer.concat([received, chunk]))
      received = Buffer.from(rest)
      for (const { kind, payload } of frames) {
        socket.write(frame(kind, payload))
        if (kind !== CLOSE) continue
        // RFC 6455 section 7.1.5: a close frame without a code counts as 1005.
        closeCodes.push(payload.length < 2 ? 1005 : payload.readUInt16BE())
        socket.end()
      }
    })
    socket.write(frame(TEXT, Buffer.from('welcome')))
  }

  const server = createServer((_request, response) => response.writeHead(426).end())
  server.on('upgrade', ({ headers }, socket) => {
    handshakes.push(headers)
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    const key = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`)
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${key.digest('base64')}\r\n\r\n`,
    )
    serve(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    handshakes,
    closeCodes,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
