// WebSockets through a handler, for each test of a file one on free ports.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach } from 'vitest'
import type { ConfigurationInput } from '../../src/configuration/schema.ts'
import { startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText } from './raw-http.ts'

export const key = 'dGhlIHNhbXBsZSBub25jZQ=='

const upgradeLines = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${key}`,
  'Sec-WebSocket-Protocol: orders',
]

/** Lines as a browser sends them: no version header, since a page cannot set one. */
export const handshakeLines = (handler: TestHandler): readonly string[] => [
  ...handler.goodLines.filter((line) => !/^(?:Connection|Token-Handler)/.test(line)),
  ...upgradeLines,
]

/** A short text as an API sends it. */
export const textFrame = (text: string): Buffer =>
  Buffer.from([0x81, text.length, ...Buffer.from(text)])

/** Takes a WebSocket that the upstream is asked for. */
function acceptUpgrade(request: IncomingMessage, socket: Socket): void {
  const answer = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${answer}\r\nSec-WebSocket-Protocol: orders\r\n\r\n`,
  )
}

/** The next WebSocket that the upstream is asked for, and has not answered yet. */
function nextUpgrade({
  upstream,
}: TestHandler): Promise<{ request: IncomingMessage; upstream: Duplex; accept: () => void }> {
  return new Promise((resolve) => {
    upstream.once('upgrade', (request: IncomingMessage, socket: Socket) => {
      socket.on('error', () => {})
      socket.once('end', () => socket.end())
      resolve({ request, upstream: socket, accept: () => acceptUpgrade(request, socket) })
    })
  })
}

/** Asks for a WebSocket through the proxy; the upstream has yet to accept it. */
export async function beginWebSocket(handler: TestHandler, path = '/api/live') {
  const upgrade = nextUpgrade(handler)
  const client = openSocket(handler.port)
  client.write(requestText('GET', path, handshakeLines(handler)))
  return { client, ...(await upgrade) }
}

/** Opens a WebSocket through the proxy. */
export async function openWebSocket(handler: TestHandler, path?: string) {
  const { accept, client, ...ends } = await beginWebSocket(handler, path)
  accept()
  return { client, head: await readUntil(client, '\r\n\r\n'), ...ends }
}

/** To be called once in a test file; returns what starts a test's handler, whose route takes WebSockets. */
export function useHandler() {
  let running: TestHandler | undefined
  afterEach(async () => {
    await running?.close()
    running = undefined
  })
  return async (
    options: Parameters<typeof startHandler>[1] = {},
    input: Partial<ConfigurationInput> = {},
  ): Promise<TestHandler> => {
    running = await startHandler(input, { changeRoute: { webSocket: true }, ...options })
    return running
  }
}
