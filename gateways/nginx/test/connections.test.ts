// WebSockets, time limits, uploads and HTTP/2: what nginx itself does, with the plugin's decision before it.
import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { describe, expect, it } from 'vitest'
import {
  openSocket,
  readUntil,
  requestText,
  sendRaw,
} from '../../../packages/reference-handler/test/hosts/raw-http.ts'
import { isPluginMissing } from '../src/programs.ts'
import { shareGateway } from '../src/shared-gateway.ts'

const slow = `location @slow { include token-handler/forward.conf; proxy_read_timeout 100ms; }`
const settingsWith = (more: object) => (settings: object) => {
  const [route] = (settings as { routes: object[] }).routes
  return { ...settings, routes: [{ ...route, ...more }] }
}

describe.skipIf(isPluginMissing())('a WebSocket through nginx', () => {
  const gateway = shareGateway({ change: settingsWith({ webSocket: true }) })
  const handshake = () => [
    ...gateway.goodLines.filter((line) => !/^(?:Connection|Token-Handler)/.test(line)),
    'Connection: keep-alive, Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]

  it('opens with the access token in place of the cookie, and carries bytes both ways', async () => {
    const { upstream } = gateway.handler
    const asked = once(upstream, 'upgrade')
    const client = openSocket(gateway.port)
    client.write(requestText('GET', '/api/live', handshake()))
    const [request, socket] = await asked
    expect(request.url).toBe('/v1/live')
    expect(request.headers).toMatchObject({
      authorization: 'Bearer the-access-token',
      upgrade: 'websocket',
    })
    expect(request.headers.cookie).toBeUndefined()
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSet-Cookie: __Host-Http-th-at=a\r\n\r\n',
    )
    const head = await readUntil(client, '\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 101 /)
    expect(head).toMatch(/\r\nupgrade: websocket\r\n/i)
    expect(head).not.toContain('Set-Cookie')
    client.write('ping')
    expect(await readUntil(socket, 'ping')).toBe('ping')
    socket.write('pong')
    expect(await readUntil(client, 'pong')).toBe('pong')
    client.destroy()
    await once(socket.resume(), 'end')
    socket.destroy()
  })

  it('is refused without a trusted origin, and reaches no API', async () => {
    for (const origin of [[], ['Origin: https://evil.example'], ['Origin: null']]) {
      const lines = [...handshake().filter((line) => !line.startsWith('Origin')), ...origin]
      const client = openSocket(gateway.port)
      client.write(requestText('GET', '/api/live', lines))
      expect(await readUntil(client, 'untrusted_request')).toMatch(/^HTTP\/1\.1 403 /)
      client.destroy()
    }
    expect(gateway.upstreamRequests).toEqual([])
  })
})

describe.skipIf(isPluginMissing())('an API that is slow', () => {
  const gateway = shareGateway({ server: slow, change: settingsWith({ location: '@slow' }) })

  it('is given up after the limit of its own location, with the documented error', async () => {
    gateway.answerWith(() => {})
    const answer = await sendRaw(gateway.port, requestText('GET', '/api', gateway.goodLines))
    expect(answer.status).toBe(504)
    expect(answer.body).toBe('{"error_code":"upstream_timeout"}')
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ['https://www.app.example'],
      'cache-control': ['no-store'],
    })
  })

  it('is served with all rules in that location, too', async () => {
    gateway.answerWith((request, response) => {
      response.setHeader('set-cookie', ['__Host-Http-th-at=a', '__Host-th-bound=b', 'theme=dark'])
      response.end(JSON.stringify(request.headers))
    })
    const lines = [...gateway.goodLines, 'X-Real-IP: forged', 'Connection: x-mine', 'X-Mine: 1']
    const answer = await sendRaw(gateway.port, requestText('GET', '/api', lines))
    expect(answer.headers).toMatchObject({ 'set-cookie': ['theme=dark'], vary: ['Cookie, Origin'] })
    expect(JSON.parse(answer.body)).toMatchObject({ authorization: 'Bearer the-access-token' })
    for (const name of ['cookie', 'x-real-ip', 'x-mine', 'token-handler-version']) {
      expect(JSON.parse(answer.body)[name]).toBeUndefined()
    }
  })
})

describe.skipIf(isPluginMissing())('a body through nginx', () => {
  const gateway = shareGateway()

  it('reaches the API while the page is still sending', async () => {
    const arrived = new Promise<void>((resolve) => {
      gateway.answerWith((request, response) => {
        request.once('data', () => resolve())
        request.once('end', () => response.end('all'))
      })
    })
    const client = openSocket(gateway.port)
    client.write(
      requestText('POST', '/api', [...gateway.goodLines, 'Content-Length: 10']) + '12345',
    )
    await arrived
    client.write('67890')
    expect(await readUntil(client, 'all')).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe.skipIf(isPluginMissing())('HTTP/2 through nginx', () => {
  const gateway = shareGateway({ listen: 'http2' })

  async function ask(path: string, more: Record<string, string> = {}) {
    const client = connectHttp2(`http://127.0.0.1:${gateway.port}`)
    const cookie =
      gateway.goodLines.find((line) => line.startsWith('Cookie'))?.slice('Cookie: '.length) ?? ''
    const stream = client.request({ ':path': path, 'token-handler-version': '1', cookie, ...more })
    const [headers] = await once(stream, 'response')
    stream.resume()
    await once(stream, 'end')
    client.close()
    return Number(headers[':status'])
  }

  it('is decided by the same rules', async () => {
    expect(await ask('/api/orders?q=%2F')).toBe(200)
    expect(gateway.upstreamRequests.map(({ url }) => url)).toEqual(['/v1/orders?q=%2F'])
    expect(await ask('/api/..%2fadmin')).toBe(400)
    expect(await ask('/api/orders', { origin: 'https://evil.example' })).toBe(403)
    expect(gateway.upstreamRequests).toHaveLength(1)
  })
})
