// Requests that follow each other without waiting: their answers keep their order, and end with their connection.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import type { TestHandler } from './handler.ts'
import { startOther } from './other-server.ts'
import { openSocket, readAll, readUntil, requestText, sendRaw } from './raw-http.ts'
import { handshakeLines, useHandler } from './web-socket-fixture.ts'

const start = useHandler()

const PATIENCE = { timeout: 5000 }

const keptAlive = ({ goodLines }: TestHandler) =>
  goodLines.filter((line) => !line.startsWith('Connection'))

const get = (handler: TestHandler, path: string) => requestText('GET', path, keptAlive(handler))

const connectText = () => requestText('CONNECT', 'api.internal:443', ['Host: api.internal:443'])

const handshake = (handler: TestHandler) => requestText('GET', '/api/live', handshakeLines(handler))

/** What ends a connection in Node's eyes: it is handed out, and what it was to carry forgotten. */
const handOuts: [string, (handler: TestHandler) => string][] = [
  ['CONNECT', connectText],
  ['a handshake', handshake],
]

/** Sends requests that are answered without end; resolves with the upstream's ends when all have got there. */
async function openStreams(handler: TestHandler, socket: Socket) {
  handler.answerWith((_request, response) => {
    response.write('an answer without end')
  })
  socket.write(['/api/a', '/api/b', '/api/c'].map((path) => get(handler, path)).join(''))
  await vi.waitUntil(() => handler.upstreamRequests.length === 3, PATIENCE)
  return handler.upstreamRequests.map((request) => request.socket)
}

const isClosed = (socket: Socket) => socket.closed

describe('answers that wait for their turn', () => {
  it.each(handOuts)('end with their connection, which %s has ended', async (_title, text) => {
    const handler = await start()
    const socket = openSocket(handler.port)
    const upstreams = await openStreams(handler, socket)
    socket.write(text(handler))
    socket.destroy()
    await vi.waitUntil(() => upstreams.every(isClosed), PATIENCE)
    const lost = () =>
      handler.logText().match(/"path":"\/api\/[abc]".*connection lost before the end/g) ?? []
    await vi.waitUntil(() => lost().length === 3, PATIENCE)
  })

  it.each(handOuts)(
    'end with their connection, which %s has ended, on a server of the app',
    async (_title, text) => {
      const handler = await start()
      const other = await startOther(handler)
      const socket = openSocket(other.port)
      const upstreams = await openStreams(handler, socket)
      socket.write(text(handler))
      socket.destroy()
      await vi.waitUntil(() => upstreams.every(isClosed), PATIENCE)
      await other.app.close()
    },
  )

  it('are answered one after the other, more than ten, without a warning', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const handler = await start()
    handler.answerWith(({ url }, response) => response.end(`<${url}>`))
    const socket = openSocket(handler.port)
    const names = 'abcdefghijklmnopqrst'.split('')
    socket.write(names.map((name) => get(handler, `/api/${name}`)).join(''))
    const text = await readUntil(socket, '</v1/t>')
    expect(text.match(/<\/v1\/[a-t]>/g)).toEqual(names.map((name) => `</v1/${name}>`))
    expect(warned).not.toHaveBeenCalled()
    process.off('warning', warned)
    socket.destroy()
  })
})

describe('what follows a request without waiting for its answer', () => {
  const handOutsInVain: typeof handOuts = [
    ...handOuts,
    [
      'a handshake without a session',
      (handler) => {
        const lines = handshakeLines(handler).filter((line) => !line.startsWith('Cookie'))
        return requestText('GET', '/api/live', lines)
      },
    ],
    ['what is no request', () => 'no request\r\n\r\n'],
  ]

  it.each(handOutsInVain)(
    'does not get its answer in the middle of the other: %s',
    async (_title, text) => {
      const handler = await start()
      handler.answerWith((_request, response) => {
        response.write('an answer without end')
      })
      const upgraded = vi.fn()
      handler.upstream.on('upgrade', upgraded)
      const socket = openSocket(handler.port)
      socket.write(get(handler, '/api/stream'))
      await readUntil(socket, 'without end')
      socket.write(text(handler))
      expect(await readAll(socket)).toBe('')
      expect(upgraded).not.toHaveBeenCalled()
    },
  )

  it.each(handOutsInVain)(
    'does not get its answer in place of the other: %s',
    async (_title, text) => {
      const handler = await start()
      handler.answerWith(() => {})
      const upgraded = vi.fn()
      handler.upstream.on('upgrade', upgraded)
      const socket = openSocket(handler.port)
      socket.write(get(handler, '/api/slow'))
      await vi.waitUntil(() => handler.upstreamRequests.length === 1, PATIENCE)
      socket.write(text(handler))
      expect(await readAll(socket)).toBe('')
      expect(upgraded).not.toHaveBeenCalled()
    },
  )

  it('does not get its answer in the middle of the other on a server of the app: a handshake', async () => {
    const handler = await start()
    const other = await startOther(handler)
    handler.answerWith((_request, response) => {
      response.write('an answer without end')
    })
    const socket = openSocket(other.port)
    socket.write(get(handler, '/api/stream'))
    await readUntil(socket, 'without end')
    socket.write(handshake(handler))
    expect(await readAll(socket)).toBe('')
    await other.app.close()
  })

  it('is answered when the other answer is complete: a handshake', async () => {
    const handler = await start()
    handler.upstream.once('upgrade', (_request, upstream: Socket) => {
      upstream.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    })
    const socket = openSocket(handler.port)
    const closed = once(socket, 'close')
    socket.write(get(handler, '/api/orders'))
    await readUntil(socket, ']}')
    socket.write(handshake(handler))
    expect(await readUntil(socket, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /)
    socket.destroy()
    await closed
  })
})

describe('a request behind an answer that says it is the last of its connection', () => {
  const pay = (handler: TestHandler) =>
    requestText('POST', '/api/pay', [...keptAlive(handler), 'Content-Length: 0'])

  const asked = (handler: TestHandler) => handler.upstreamRequests.map(({ url }) => url)

  /** Has the upstream keep its answers to itself until they are asked for. */
  function holdAnswers(handler: TestHandler): () => void {
    const answers: (() => void)[] = []
    handler.answerWith(({ url }, response) => {
      answers.push(() => response.end(`<${url}>`))
    })
    return () => {
      for (const answer of answers) answer()
    }
  }

  /** A connection whose client goes on sending when the server has closed its end; with the server's socket. */
  async function openHalf({ port, server }: TestHandler): Promise<[Socket, Socket]> {
    const connected = once(server.server, 'connection')
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    return [socket, (await connected)[0]]
  }

  /** Reads what the server sends until it closes its end. */
  async function readToEnd(socket: Socket): Promise<string> {
    let text = ''
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) text += String(chunk)
    return text
  }

  /** Sends the rest of a request, and another one behind it; resolves when the server has seen both. */
  async function sendOn(handler: TestHandler, socket: Socket, rest: string): Promise<void> {
    const arrived = once(handler.server.server, 'request')
    socket.write(rest + pay(handler))
    await arrived
  }

  it('is not worked on, when the server closes and reads on for the answer to arrive', async () => {
    const handler = await start({}, { server: { drainFor: 60 } })
    const answer = holdAnswers(handler)
    const slow = openSocket(handler.port)
    slow.write(get(handler, '/api/slow'))
    await vi.waitUntil(() => asked(handler).length === 1, PATIENCE)
    const [socket, served] = await openHalf(handler)
    const lines = keptAlive(handler).filter((line) => !line.startsWith('Cookie'))
    const upload = requestText('POST', '/api/upload', [...lines, 'Content-Length: 10'])
    // A server that closes ends connections on which nothing has begun to arrive.
    socket.write(upload.slice(0, 20))
    await vi.waitUntil(() => served.bytesRead === 20, PATIENCE)
    const closing = handler.server.close()
    await vi.waitUntil(() => !handler.server.server.listening, PATIENCE)
    socket.write(`${upload.slice(20)}12345`)
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 401 [^]*connection: close/i)
    await sendOn(handler, socket, '67890')
    answer()
    await readUntil(slow, '</v1/slow>')
    socket.end()
    await closing
    expect(asked(handler)).toEqual(['/v1/slow'])
  })

  it('is not worked on, when a body was too large', async () => {
    const handler = await start()
    const [socket] = await openHalf(handler)
    const length = 2_000_000
    const json = ['Content-Type: application/json', `Content-Length: ${length}`]
    socket.write(`${requestText('POST', '/nowhere', [...keptAlive(handler), ...json])}"`)
    expect(await readToEnd(socket)).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i)
    await sendOn(handler, socket, 'x'.repeat(length - 1))
    await sendRaw(handler.port, requestText('GET', '/api/orders', handler.goodLines))
    expect(asked(handler)).toEqual(['/v1/orders'])
    socket.destroy()
  })

  it('is not worked on, when the last answer waits for its turn', async () => {
    const handler = await start({
      prepare: (server) => {
        server.get('/last', (_request, reply) => {
          void reply.header('connection', 'close').send('<last>')
        })
      },
    })
    const answer = holdAnswers(handler)
    const socket = openSocket(handler.port)
    socket.write(get(handler, '/api/slow'))
    await vi.waitUntil(() => asked(handler).length === 1, PATIENCE)
    const last = once(handler.server.server, 'request')
    socket.write(get(handler, '/last'))
    const [, response] = await last
    await vi.waitUntil(() => response.writableEnded, PATIENCE)
    const arrived = once(handler.server.server, 'request')
    socket.write(pay(handler))
    await arrived
    await sendRaw(handler.port, requestText('GET', '/health', handler.goodLines))
    answer()
    expect((await readAll(socket)).match(/<.+>/g)).toEqual(['</v1/slow>', '<last>'])
    expect(asked(handler)).toEqual(['/v1/slow'])
  })
})
