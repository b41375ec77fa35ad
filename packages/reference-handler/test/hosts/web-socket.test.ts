import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closeFrame } from '../../src/hosts/node/web-socket-frames.ts'
import { accessToken, origin, startHandler } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'

let handler: TestHandler
afterEach(async () => {
  await handler.close()
})

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const upgradeLines = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${key}`,
  'Sec-WebSocket-Protocol: orders',
]

/** Lines as a browser sends them: no version header, since a page cannot set one. */
const goodLines = () => [
  ...handler.goodLines.filter((line) => !/^(?:Connection|Token-Handler)/.test(line)),
  ...upgradeLines,
]

const without = (name: string) => goodLines().filter((line) => !line.startsWith(name))

const start = (options: Parameters<typeof startHandler>[1] = {}, input = {}) =>
  startHandler(input, { ...options, changeRoute: { webSocket: true } })

/** The next WebSocket that the upstream is asked for, and takes. */
function nextUpgrade(): Promise<{ request: IncomingMessage; upstream: Duplex }> {
  return new Promise((resolve) => {
    handler.upstream.once('upgrade', (request: IncomingMessage, upstream: Socket) => {
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64')
      upstream.on('error', () => {})
      upstream.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: orders\r\n\r\n`,
      )
      resolve({ request, upstream })
    })
  })
}

/** Opens a WebSocket through the proxy. */
async function open(path = '/api/live') {
  const upgrade = nextUpgrade()
  const client = openSocket(handler.port)
  client.write(requestText('GET', path, goodLines()))
  const head = await readUntil(client, '\r\n\r\n')
  return { client, head, ...(await upgrade) }
}

const textFrame = (text: string) => Buffer.from([0x81, text.length, ...Buffer.from(text)])

/** Reads until the other end closes. */
async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

describe('a WebSocket', () => {
  it('opens with the access token in place of the cookie, and carries messages both ways', async () => {
    handler = await start()
    const { client, head, request, upstream } = await open('/api/live?since=1')
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    expect(head.toLowerCase()).toContain('sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=')
    expect(head).toContain('orders')
    expect(request.url).toBe('/v1/live?since=1')
    expect(request.headers).toMatchObject({
      authorization: `Bearer ${accessToken}`,
      'sec-websocket-key': key,
      origin,
    })
    expect(request.headers).not.toHaveProperty('cookie')
    client.write('from the page')
    expect(String((await once(upstream, 'data'))[0])).toBe('from the page')
    upstream.write(textFrame('from the API'))
    await readUntil(client, 'from the API')
    client.destroy()
  })

  it.each([
    ['without Origin', () => without('Origin'), 403],
    ['from a foreign origin', () => [...without('Origin'), 'Origin: https://evil.example'], 403],
    ['without a session', () => without('Cookie'), 401],
    ['to another protocol', () => [...without('Upgrade'), 'Upgrade: h2c'], 400],
  ])('does not open %s', async (_title, lines, status) => {
    handler = await start()
    const answer = await sendRaw(handler.port, requestText('GET', '/api/live', lines()))
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toEqual(['application/json'])
  })

  it('does not open on a route that does not say so', async () => {
    handler = await startHandler()
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/live', goodLines()))
    expect(await readUntil(socket, 'invalid_request')).toMatch(/^HTTP\/1\.1 400 /)
    socket.destroy()
  })

  it('that the API declines is declined, with its status and without its body', async () => {
    handler = await start()
    handler.upstream.once('upgrade', (_request: IncomingMessage, upstream: Socket) => {
      upstream.end('HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 4\r\n\r\nbody')
    })
    const answer = await sendRaw(handler.port, requestText('GET', '/api/live', goodLines()))
    expect(answer).toMatchObject({ status: 403, body: '' })
    expect(answer.headers['x-why']).toEqual(['no'])
  })

  it('to an upstream that fails is a bad gateway', async () => {
    handler = await start()
    handler.upstream.once('upgrade', (_request: IncomingMessage, upstream: Socket) => {
      upstream.destroy()
    })
    const answer = await sendRaw(handler.port, requestText('GET', '/api/live', goodLines()))
    expect(answer).toMatchObject({ status: 502, body: '{"error_code":"upstream_error"}' })
  })

  it('closes at the upstream when the client leaves, and the other way round', async () => {
    handler = await start()
    const one = await open()
    const upstreamEnded = once(one.upstream.resume(), 'end')
    one.client.destroy()
    await upstreamEnded
    const other = await open()
    other.upstream.end(textFrame('the last'))
    expect(String(await readAll(other.client))).toContain('the last')
  })

  it('is one too many when as many are open as the configuration allows', async () => {
    handler = await start({}, { server: { maxWebSockets: 1 } })
    const { client } = await open()
    const answer = await sendRaw(handler.port, requestText('GET', '/api/live', goodLines()))
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toEqual(['10'])
    client.destroy()
  })
})

describe('the end of a WebSocket', () => {
  const expired = closeFrame(4401, 'access token expired')

  it('comes with the end of the access token, with a close code of its own', async () => {
    handler = await start({ expiresAt: Date.now() + 300 })
    const { client, upstream } = await open()
    upstream.resume()
    const received = once(client, 'data')
    expect((await received)[0]).toEqual(expired)
    // The page's browser answers the close frame, and the API hears of it.
    const heard = once(upstream, 'data')
    client.write('goodbye')
    expect(String((await heard)[0])).toBe('goodbye')
    client.destroy()
  })

  it('never comes in the midst of a message', async () => {
    const expiresAt = Date.now() + 300
    handler = await start({ expiresAt })
    const { client, upstream } = await open()
    const message = textFrame('0123456789')
    upstream.write(message.subarray(0, 5))
    const first = await readUntil(client, '012')
    expect(first).toHaveLength(5)
    await vi.waitUntil(() => Date.now() > expiresAt + 50)
    upstream.write(Buffer.concat([message.subarray(5), textFrame('late')]))
    const rest = await readUntil(client, 'expired')
    expect(rest).toBe(String(message.subarray(5)) + String(expired))
    client.destroy()
  })

  it('comes with the end of the server, which does not wait for the page', async () => {
    handler = await start({}, { server: { drainFor: 0 } })
    const { client } = await open()
    const all = readAll(client)
    await handler.server.close()
    expect(await all).toEqual(closeFrame(1001, 'server closes'))
  })
})
