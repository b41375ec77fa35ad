// Requests that the proxy refuses, and what a page can read of that.
import { describe, expect, it } from 'vitest'
import { cookieName, origin, shareHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

const handler = await shareHandler()

const send = (lines: readonly string[], method = 'GET') =>
  sendRaw(handler.port, requestText(method, '/api/orders', lines))

describe('a request that is refused', () => {
  const withoutCookie = () => handler.goodLines.filter((line) => !line.startsWith('Cookie'))
  const refused = async (lines: readonly string[], method = 'GET') => {
    const answer = await send(lines, method)
    expect(handler.upstreamRequests).toEqual([])
    return answer
  }

  it('brings its cookie twice, in one header or in two', async () => {
    const cookie = handler.goodLines.find((line) => line.startsWith('Cookie')) ?? ''
    const two = await refused([...handler.goodLines, cookie])
    expect(two.status).toBe(401)
    expect(two.headers['www-authenticate']).toEqual(['Bearer error="invalid_token"'])
    const one = await refused([...withoutCookie(), `${cookie}; ${cookieName}=planted`])
    expect(one.status).toBe(401)
  })

  it('is readable for the page, with everything it needs to act on it', async () => {
    const { status, headers, body } = await refused(withoutCookie())
    expect(status).toBe(401)
    expect(body).toBe('{"error_code":"unauthorized"}')
    expect(headers).toMatchObject({
      'content-type': ['application/json'],
      'cache-control': ['no-store'],
      'www-authenticate': ['Bearer realm="token-handler"'],
      'access-control-allow-origin': [origin],
      'access-control-allow-credentials': ['true'],
      'access-control-expose-headers': ['WWW-Authenticate, Retry-After'],
      vary: ['*'],
    })
    expect(headers).not.toHaveProperty('set-cookie')
  })

  it('has no body when it is a HEAD request', async () => {
    const answer = await refused(withoutCookie(), 'HEAD')
    expect(answer.status).toBe(401)
    expect(answer.body).toBe('')
  })

  it('is told the methods it may use', async () => {
    const answer = await refused(handler.goodLines, 'OPTIONS')
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toEqual(['GET, HEAD, POST, PUT, PATCH, DELETE'])
  })

  it.each([
    ['no Origin and writes', (line: string) => !line.startsWith('Origin'), []],
    ['no version header', (line: string) => !line.startsWith('Token-Handler'), []],
    ['two origins', () => true, ['Origin: https://evil.example']],
    ['two versions', () => true, ['Token-Handler-Version: 1']],
  ])('has %s', async (_title, keeps, more) => {
    const answer = await refused([...handler.goodLines.filter(keeps), ...more], 'POST')
    expect(answer.status).toBe(403)
    expect(answer.body).toBe('{"error_code":"untrusted_request"}')
  })

  it.each([
    ['a WebSocket', ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']],
    ['two hosts', ['Host: evil.example']],
  ])('asks for %s', async (_title, lines) => {
    const answer = await refused([...handler.goodLines, ...lines])
    expect(answer.status).toBe(400)
    expect(answer.body).toBe('{"error_code":"invalid_request"}')
  })
})

describe('a preflight', () => {
  const preflight = (target: string, from: string) =>
    sendRaw(
      handler.port,
      requestText('OPTIONS', target, [
        'Host: api.example.com',
        `Origin: ${from}`,
        'Access-Control-Request-Method: PUT',
        'Access-Control-Request-Headers: x-own',
        'Connection: close',
      ]),
    )

  it('of a path without a route is answered, so that the page can read the 404', async () => {
    const answer = await preflight('/apl/orders', origin)
    expect(answer.status).toBe(204)
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': [origin],
      'access-control-allow-methods': ['PUT'],
      'access-control-allow-headers': ['x-own'],
    })
  })

  it.each(['/api/files/a%2Fb', '/api//orders', '/api/%zz', '/oauth-agent//session'])(
    'of a path that is refused is answered, so that the page can read the 400: %s',
    async (target) => {
      const answer = await preflight(target, origin)
      expect(answer.status).toBe(204)
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': [origin],
        'access-control-allow-methods': ['PUT'],
        'access-control-allow-headers': ['x-own'],
      })
      const refused = await sendRaw(handler.port, requestText('PUT', target, handler.goodLines))
      expect(refused).toMatchObject({ status: 400, body: '{"error_code":"invalid_request"}' })
      expect(refused.headers['access-control-allow-origin']).toEqual([origin])
      expect(handler.upstreamRequests).toEqual([])
    },
  )

  it.each(['/apl/orders', '/api/orders', '/api//orders', '/api/%zz'])(
    'of a stranger is granted nothing: %s',
    async (target) => {
      const { status, headers } = await preflight(target, 'https://evil.example')
      expect(status).toBe(204)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(handler.logText()).toContain('preflight refused: the origin is not in trustedOrigins')
      expect(handler.logText()).toContain('"origin":"https://evil.example"')
    },
  )
})
