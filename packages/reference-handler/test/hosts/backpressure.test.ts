// Whoever reads slowly slows the other end down, and fills nobody's memory. Slowly means in turns of the
// event loop, which all of them share here, and not in time.
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDeferred } from '../support/deferred.ts'
import { startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText } from './raw-http.ts'

const PIECES = 512
const piece = Buffer.alloc(65_536, 'x')
const size = PIECES * piece.length
const createBody = () => Readable.from(Array.from({ length: PIECES }, () => piece))

/** What the handler itself reads from and writes to. */
interface Ends {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

let handler: TestHandler
let ends: Promise<Ends>

beforeEach(async () => {
  const exchange = createDeferred<Ends>()
  ends = exchange.promise
  handler = await startHandler(
    {},
    {
      prepare: ({ server }) => {
        server.once('request', (request, response) => exchange.resolve({ request, response }))
      },
    },
  )
})
afterEach(async () => {
  await handler.close()
})

async function takeTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate()
}

function send(method: string, lines: readonly string[] = []): Socket {
  const socket = openSocket(handler.port)
  const kept = handler.goodLines.filter((line) => !line.startsWith('Connection'))
  socket.write(requestText(method, '/api/stream', [...kept, ...lines]))
  return socket
}

describe('the handler', { timeout: 30_000 }, () => {
  it('reads no faster from the API than the page does', async () => {
    handler.answerWith((_request, response) => {
      response.writeHead(200, { 'content-length': size })
      createBody().pipe(response)
    })
    const socket = send('GET')
    const { response } = await ends
    let received = 0
    let waiting = 0
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      received += Buffer.byteLength(chunk)
      await takeTurns(10)
      waiting = Math.max(waiting, response.writableLength)
      if (received > size) break
    }
    expect(received).toBeGreaterThan(size)
    expect(waiting).toBeLessThan(1_000_000)
    socket.destroy()
  })

  it('reads no faster from the page than the API does', async () => {
    const arriving = new Promise<[IncomingMessage, ServerResponse]>((resolve) => {
      handler.answerWith((...exchange) => resolve(exchange))
    })
    const socket = send('POST', [`Content-Length: ${size}`])
    createBody().pipe(socket, { end: false })
    const { request } = await ends
    const [upload, answer] = await arriving
    await takeTurns(4 * PIECES)
    // What the system keeps between two sockets is not the handler's.
    expect(request.socket.bytesRead).toBeLessThan(size * 0.75)
    upload.resume()
    await once(upload, 'end')
    expect(request.socket.bytesRead).toBeGreaterThan(size)
    answer.end('all of it')
    await readUntil(socket, 'all of it')
    socket.destroy()
  })
})
