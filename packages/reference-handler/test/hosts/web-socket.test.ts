// WebSockets through the proxy: how they open, and which do not.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { accessToken, origin } from './handler.ts'
import type { TestHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'
import { handshakeLines, key, openWebSocket, textFrame, useHandler } from './web-socket-fixture.ts'

const start = useHandler()

/** The answer to a handshake that is no WebSocket in the end. */
const ask = (handler: TestHandler, lines = handshakeLines(handler)) =>
  sendRaw(handler.port, requestText('GET', '/api/live', lines))

const without = (handler: TestHandler, name: string) =>
  handshakeLines(handler).filter((line) => !line.startsWith(name))

/** Decides what the upstream does with the next handshake. */
const answerUpgrade = (handler: TestHandler, answer: (socket: Socket) => void) =>
  handler.upstream.once('upgrade', (_request: IncomingMessage, socket: Socket) => answer(socket))

describe('a WebSocket', () => {
  it('opens with the access token in place of the cookie, and carries messages both ways', async () => {
    const handler = await start()
    const { client, head, request, upstream } = await openWebSocket(handler, '/api/live?since=1')
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

  it('opens over a connection of its own, whatever has become of those that were kept alive', async () => {
    const handler = await start()
    handler.answerWith(({ socket }, response) => {
      response.end()
      handler.upstream.once('upgrade', (request: IncomingMessage) => {
        if (request.socket === socket) socket.destroy()
      })
    })
    await sendRaw(handler.port, requestText('GET', '/api/orders', handler.goodLines))
    const { client, head } = await openWebSocket(handler)
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    client.destroy()
  })

  it('opens also where the API says 100 first', async () => {
    const handler = await start()
    answerUpgrade(handler, (socket) => {
      const head =
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      socket.write(`HTTP/1.1 100 Continue\r\n\r\n${head}Sec-WebSocket-Accept: a\r\n\r\n`)
      socket.write(textFrame('HTTP/1.1 100 a'))
    })
    const client = openSocket(handler.port)
    client.write(requestText('GET', '/api/live', handshakeLines(handler)))
    expect(await readUntil(client, 'HTTP/1.1 100 a')).toMatch(/^HTTP\/1\.1 101 /)
    client.destroy()
  })

  it.each<[string, string, string[], number]>([
    ['without Origin', 'Origin', [], 403],
    ['from a foreign origin', 'Origin', ['Origin: https://evil.example'], 403],
    ['from an origin that hides itself', 'Origin', ['Origin: null'], 403],
    ['without a session', 'Cookie', [], 401],
    [
      'to another protocol, and is no request of the app either',
      'Upgrade',
      ['Upgrade: h2c', 'Connection: close'],
      403,
    ],
    ['where Connection does not ask for it', 'Connection', ['Connection: close'], 403],
  ])('does not open %s', async (_title, missing, instead, status) => {
    const handler = await start()
    const answer = await ask(handler, [...without(handler, missing), ...instead])
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toEqual(['application/json'])
    expect(handler.upstreamRequests).toEqual([])
  })

  it('does not open on a route that does not say so', async () => {
    const handler = await start({ changeRoute: {} })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/api/live', handshakeLines(handler)))
    expect(await readUntil(socket, 'invalid_request')).toMatch(/^HTTP\/1\.1 400 /)
    expect(handler.upstreamRequests).toEqual([])
    socket.destroy()
  })

  it('that the API declines is declined, with its status and without its body', async () => {
    const handler = await start()
    answerUpgrade(handler, (socket) => {
      socket.end('HTTP/1.1 403 Forbidden\r\nX-Why: no\r\nContent-Length: 4\r\n\r\nbody')
    })
    const answer = await ask(handler)
    expect(answer).toMatchObject({ status: 403, body: '' })
    expect(answer.headers['x-why']).toEqual(['no'])
  })

  it('that the API declines without content says no length', async () => {
    const handler = await start()
    answerUpgrade(handler, (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
    const answer = await ask(handler)
    expect(answer.status).toBe(204)
    expect(answer.headers['content-length']).toBeUndefined()
  })

  it('to an upstream that fails is a bad gateway', async () => {
    const handler = await start()
    answerUpgrade(handler, (socket) => socket.destroy())
    expect(await ask(handler)).toMatchObject({
      status: 502,
      body: '{"error_code":"upstream_error"}',
    })
  })

  it('closes at the upstream when the client leaves, and the other way round', async () => {
    const handler = await start()
    const one = await openWebSocket(handler)
    const upstreamEnded = once(one.upstream.resume(), 'end')
    one.client.destroy()
    await upstreamEnded
    const other = await openWebSocket(handler)
    other.upstream.end(textFrame('the last'))
    await readUntil(other.client, 'the last')
    await once(other.client.resume(), 'close')
  })

  it('is one too many when as many are open as the configuration allows', async () => {
    const handler = await start({}, { server: { maxWebSockets: 1 } })
    const { client } = await openWebSocket(handler)
    const answer = await ask(handler)
    expect(answer.status).toBe(503)
    expect(answer.body).toBe('{"error_code":"temporarily_unavailable"}')
    expect(answer.headers['retry-after']).toEqual(['10'])
    client.destroy()
  })
})
