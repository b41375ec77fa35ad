// Bodies pass piece by piece in both directions, and end together with their other end.
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { shareHandler } from './handler.ts'
import { openSocket, readUntil, requestText } from './raw-http.ts'

const handler = await shareHandler()

const keepAliveLines = () => handler.goodLines.filter((line) => !line.startsWith('Connection'))
const open = (method: string, lines: readonly string[] = []) => {
  const socket = openSocket(handler.port)
  socket.write(requestText(method, '/api/stream', [...keepAliveLines(), ...lines]))
  return socket
}

/** The next request that reaches the upstream, and its response to be. */
const nextExchange = () =>
  new Promise<{ request: IncomingMessage; response: ServerResponse }>((resolve) => {
    handler.answerWith((request, response) => resolve({ request, response }))
  })

describe('a body on its way to the upstream', () => {
  it('arrives piece by piece', async () => {
    const exchange = nextExchange()
    const socket = open('POST', ['Transfer-Encoding: chunked'])
    socket.write('5\r\nfirst\r\n')
    const { request, response } = await exchange
    expect(String((await once(request, 'data'))[0])).toBe('first')
    socket.write('4\r\nlast\r\n0\r\n\r\n')
    expect(String((await once(request, 'data'))[0])).toBe('last')
    await once(request, 'end')
    response.end('all')
    expect(await readUntil(socket, 'all')).toContain('HTTP/1.1 200')
    socket.destroy()
  })

  it('keeps its length', async () => {
    const exchange = nextExchange()
    const socket = open('PUT', ['Content-Length: 4'])
    socket.write('body')
    const { request, response } = await exchange
    expect(request.headers).toMatchObject({ 'content-length': '4' })
    expect(String((await once(request, 'data'))[0])).toBe('body')
    response.end('all')
    await readUntil(socket, 'all')
    socket.destroy()
  })

  it('may be answered before its end, and the connection serves on', async () => {
    handler.answerWith((_request, response) => {
      response.writeHead(413, { 'content-length': 5 }).end('large')
    })
    const length = 1_000_000
    const socket = open('POST', [`Content-Length: ${length}`])
    socket.write('x')
    expect(await readUntil(socket, 'large')).toContain('HTTP/1.1 413')
    handler.reset()
    socket.write('x'.repeat(length - 1))
    socket.write(requestText('GET', '/api/after', keepAliveLines()))
    expect(await readUntil(socket, '/v1/after')).toContain('HTTP/1.1 200')
    socket.destroy()
  })

  it('is refused before its end when there is no session, and the connection serves on', async () => {
    const length = 1_000_000
    const socket = openSocket(handler.port)
    const lines = keepAliveLines().filter((line) => !line.startsWith('Cookie'))
    socket.write(requestText('POST', '/api/x', [...lines, `Content-Length: ${length}`]))
    expect(await readUntil(socket, 'unauthorized')).toContain('HTTP/1.1 401')
    socket.write('x'.repeat(length))
    socket.write(requestText('GET', '/api/after', keepAliveLines()))
    expect(await readUntil(socket, '/v1/after')).toContain('HTTP/1.1 200')
    expect(handler.upstreamRequests).toHaveLength(1)
    socket.destroy()
  })

  it('is broken off at the upstream when the client breaks off', async () => {
    const exchange = nextExchange()
    const socket = open('POST', ['Content-Length: 10'])
    socket.write('half')
    const { request } = await exchange
    const closed = new Promise((resolve) => request.on('error', () => {}).on('close', resolve))
    await once(request, 'data')
    socket.destroy()
    await closed
    expect(request.complete).toBe(false)
  })
})

describe('an answer on its way to the client', () => {
  it('arrives event by event, long before its end', async () => {
    const exchange = nextExchange()
    const socket = open('GET')
    const { response } = await exchange
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
    expect(await readUntil(socket, 'data: first')).toContain('text/event-stream')
    response.write('data: second\n\n')
    await readUntil(socket, 'data: second')
    response.end()
    await readUntil(socket, '0\r\n\r\n')
    socket.destroy()
  })

  it('begins with its head, even before the first byte of its body', async () => {
    const exchange = nextExchange()
    const socket = open('GET')
    const { response } = await exchange
    response.writeHead(200, { 'x-head': 'only' }).flushHeaders()
    await readUntil(socket, 'x-head: only')
    response.end()
    socket.destroy()
  })

  it.each(['before its head', 'in its midst'])(
    'ends at the upstream when the client leaves %s',
    async (moment) => {
      const exchange = nextExchange()
      const socket = open('GET')
      const { response } = await exchange
      if (moment === 'in its midst') {
        response.write('first')
        await readUntil(socket, 'first')
      }
      const closed = once(response, 'close')
      socket.destroy()
      await closed
      expect(response.writableFinished).toBe(false)
    },
  )
})
