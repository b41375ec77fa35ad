// Requests that offer another protocol: what is not taken changes nothing (RFC 9110 section 7.8).
import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { startHandler } from './handler.ts'
import { openSocket, readUntil, requestText, sendRaw } from './raw-http.ts'
import { handshakeLines, openWebSocket, useHandler } from './web-socket-fixture.ts'

const start = useHandler()

const h2c = [
  'Connection: close, Upgrade, HTTP2-Settings',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
]
const form = 'Content-Type: application/x-www-form-urlencoded'

const requests: [string, string, string][] = [
  ['GET', '/health', ''],
  ['HEAD', '/health', ''],
  ['GET', '/ready', ''],
  ['GET', '/nothing', ''],
  ['GET', '/oauth-agent/session', ''],
  ['POST', '/oauth-agent/refresh', ''],
  ['POST', '/oauth-agent/logout', ''],
  ['POST', '/oauth-agent/login/end', 'state=a&code=b'],
  ['GET', '/oauth-agent/nothing', ''],
  ['GET', '/api/orders', ''],
  ['POST', '/api/orders', '{"an":"order"}'],
  ['DELETE', '/api/orders/1', ''],
]

describe.each([
  ['where a route takes WebSockets', true],
  ['where none does', false],
])('an upgrade that is not taken, %s,', (_title, webSocket) => {
  it.each(requests)('is ignored with %s %s %s', async (method, target, body) => {
    const handler = await start({ changeRoute: { webSocket } })
    handler.answerWith((request, response) => {
      let received = ''
      request.on('data', (chunk) => (received += chunk))
      request.on('end', () => {
        const { rawHeaders, ...rest } = request
        response.end(JSON.stringify({ method: rest.method, url: rest.url, rawHeaders, received }))
      })
    })
    const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
    const about = body === '' ? [] : [form, `Content-Length: ${body.length}`]
    const ask = async (offer: readonly string[]) => {
      const text = requestText(method, target, [...lines, ...about, ...offer]) + body
      const { headers, ...answer } = await sendRaw(handler.port, text)
      return { ...answer, headers: { ...headers, date: undefined } }
    }
    const without = await ask(['Connection: close'])
    expect(await ask(h2c)).toEqual(without)
    expect(without.status).not.toBe(target.endsWith('nothing') ? 200 : 404)
    if (target.startsWith('/api')) expect(without.body).toContain(JSON.stringify(body))
  })

  it('leaves the connection to the next request', async () => {
    const handler = await start({ changeRoute: { webSocket } })
    const lines = handler.goodLines.filter((line) => !line.startsWith('Connection'))
    const socket = openSocket(handler.port)
    const offer = ['Connection: Upgrade', 'Upgrade: h2c', 'Content-Length: 5', form]
    socket.write(`${requestText('POST', '/oauth-agent/login/end', [...lines, ...offer])}a=b&c`)
    await readUntil(socket, 'invalid_request')
    socket.write(requestText('GET', '/health', ['Host: a']))
    expect(await readUntil(socket, '"ok"')).toContain('HTTP/1.1 200')
    socket.destroy()
  })
})

describe('a handshake for a WebSocket', () => {
  it.each(['/health', '/oauth-agent/session'])(
    'is an upgrade like any other at %s',
    async (path) => {
      const handler = await start()
      const lines = [...handshakeLines(handler), 'Token-Handler-Version: 1']
      const socket = openSocket(handler.port)
      socket.write(requestText('GET', path, lines))
      expect(await readUntil(socket, '\r\n\r\n')).toContain('HTTP/1.1 200')
      socket.destroy()
    },
  )

  it('goes to whatever else on the server takes it', async () => {
    const prepare = ({ server }: FastifyInstance) => {
      server.on('upgrade', (request, socket) => {
        if (request.url === '/own') socket.end('HTTP/1.1 101 Own\r\n\r\n')
      })
    }
    const handler = await startHandler({}, { changeRoute: { webSocket: true }, prepare })
    const socket = openSocket(handler.port)
    socket.write(requestText('GET', '/own', handshakeLines(handler)))
    expect(await readUntil(socket, '\r\n\r\n')).toBe('HTTP/1.1 101 Own\r\n\r\n')
    const { client, head } = await openWebSocket(handler)
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    const closed = once(client, 'close')
    client.destroy()
    socket.destroy()
    await closed
    await handler.close()
  })
})
