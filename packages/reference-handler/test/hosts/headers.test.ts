// Which headers pass between page and API, seen on the wire.
import { describe, expect, it } from 'vitest'
import { accessToken, cookieName, origin, shareHandler } from './handler.ts'
import { requestText, sendRaw } from './raw-http.ts'

const handler = await shareHandler()

const send = (lines: readonly string[], method = 'GET') =>
  sendRaw(handler.port, requestText(method, '/api/orders', lines))

/** Header lines that the upstream received, as `name: value`. */
async function upstreamLines(lines: readonly string[]): Promise<readonly string[]> {
  expect((await send(lines)).status).toBe(200)
  const raw = handler.upstreamRequests[0]?.rawHeaders ?? []
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${raw[index + 1]}`] : [],
  )
}

const expected = () => [
  `host: 127.0.0.1:${handler.upstreamPort}`,
  'connection: keep-alive',
  `origin: ${origin}`,
  `authorization: Bearer ${accessToken}`,
  'x-forwarded-proto: http',
  'x-forwarded-for: 127.0.0.1',
  'x-forwarded-host: api.app.example',
  'x-forwarded-prefix: /api',
]

it.each([
  [204, undefined],
  [304, ['5']],
])('the length that an API states with %s: %s', async (status, length) => {
  handler.answerWith((_request, response) => {
    response.socket?.end(
      `HTTP/1.1 ${status} Without a body\r\nContent-Length: 5\r\nX-Own: a\r\n\r\n`,
    )
  })
  const answer = await send(handler.goodLines)
  expect(answer.status).toBe(status)
  expect(answer.headers['x-own']).toEqual(['a'])
  expect(answer.headers['content-length']).toEqual(length)
})

describe('the upstream', () => {
  it('receives the access token and the trusted facts, and neither cookie nor version header', async () => {
    expect(await upstreamLines(handler.goodLines)).toEqual(expected())
  })

  it('receives the access token also when the cookies come in several headers', async () => {
    const lines = ['Cookie: theme=dark', ...handler.goodLines, 'Cookie: lang=sv']
    expect(await upstreamLines(lines)).toEqual(expected())
  })

  it.each([
    ['an Authorization of the client', ['Authorization: Bearer planted']],
    [
      'forwarding headers of the client',
      [
        'X-Forwarded-For: 192.0.2.66',
        'X-Forwarded-Proto: https',
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-Prefix: /evil',
        'X-Forwarded-User: root',
        'Forwarded: for=192.0.2.66',
        'X-Real-IP: 192.0.2.66',
        'Via: 1.1 planted',
      ],
    ],
    ['names that CGI cannot tell apart', ['X_Forwarded_For: 192.0.2.66', 'X-Forwarded_User: root']],
    [
      'headers that list ours as belonging to the connection',
      ['Connection: authorization, x-forwarded-for, x-forwarded-host, x-forwarded-proto, host'],
    ],
    [
      'headers of the connection',
      [
        'Keep-Alive: timeout=5',
        'TE: trailers',
        'Trailer: X-Planted',
        'Proxy-Connection: keep-alive',
        'Proxy-Authorization: Basic planted',
        'X-Hop: planted',
        'Connection: X-Hop',
      ],
    ],
    ['a proof of possession', ['DPoP: planted']],
    ['an expectation that nobody knows', ['Expect: planted']],
    ['another method or path', ['X-HTTP-Method-Override: DELETE', 'X-Original-URL: /admin']],
    ['another host or scheme', ['X-Host: evil.example', 'X-Scheme: https', 'X-URL-Scheme: https']],
    [
      'addresses as gateways tell them',
      [
        'Client-IP: 192.0.2.66',
        'CF-Connecting-IPv6: 2001:db8::66',
        'X-Azure-ClientIP: 192.0.2.66',
        'X-AppEngine-User-IP: 192.0.2.66',
      ],
    ],
    [
      'certificates as gateways tell them',
      [
        'SSL-Client-Verify: SUCCESS',
        'SSL-Client-Subject-DN: CN=root',
        'X-SSL-Client-Cert: planted',
        'X-TLS-Client-Cert: planted',
      ],
    ],
    [
      'users as gateways tell them',
      [
        'X-Amzn-OIDC-Identity: root',
        'X-Auth-Request-User: root',
        'X-Goog-Authenticated-User-Email: root@example.com',
        'X-Goog-IAP-JWT-Assertion: planted',
        'X-MS-Client-Principal: planted',
        'X-WebAuth-User: root',
        'CF-Access-JWT-Assertion: planted',
      ],
    ],
  ])('receives no %s', async (_title, lines) => {
    expect(await upstreamLines([...handler.goodLines, ...lines])).toEqual(expected())
  })

  it('receives the trace that the page began, to go on with it', async () => {
    const lines = [
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'tracestate: congo=t61rcWkgMzE',
      'baggage: userId=alice',
    ]
    expect(await upstreamLines([...handler.goodLines, ...lines])).toEqual(
      expect.arrayContaining(lines),
    )
  })

  it('receives everything else as the client sent it', async () => {
    const lines = ['Accept: text/html', 'X-Trace: 1', 'X-Trace: 2', 'If-None-Match: "é"']
    expect((await upstreamLines([...lines, ...handler.goodLines])).slice(2, 6)).toEqual(
      lines.map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase())),
    )
  })
})

describe('the client', () => {
  it('receives what the API sets, but no cookie of ours, no foreign CORS and no hop-by-hop header', async () => {
    handler.answerWith((_request, response) => {
      const lines = [
        ['Set-Cookie', 'theme=dark'],
        ['Set-Cookie', `${cookieName}=planted`],
        ['Set-Cookie', 'lang=sv'],
        ['Set-Cookie', `=${cookieName}=planted`],
        ['Access-Control-Allow-Origin', '*'],
        ['Access-Control-Allow-Headers', 'X-Planted'],
        ['Connection', 'keep-alive, X-Hop'],
        ['X-Hop', 'planted'],
        ['X-End', 'é'],
        ['Vary', 'Accept'],
        ['Content-Length', '2'],
      ]
      response.writeHead(201, lines.flat())
      response.end(Buffer.from('ok'))
    })
    const { status, headers, body } = await send(handler.goodLines)
    expect({ status, body }).toEqual({ status: 201, body: 'ok' })
    expect(headers).toMatchObject({
      'set-cookie': ['theme=dark', 'lang=sv'],
      'access-control-allow-origin': [origin],
      'content-length': ['2'],
      'x-end': ['é'],
      vary: ['Accept, Cookie, Origin'],
    })
    expect(headers).not.toHaveProperty('x-hop')
    expect(headers).not.toHaveProperty('access-control-allow-headers')
  })

  it('receives what the API refuses just as the API says it', async () => {
    handler.answerWith((_request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
      response.end('{"problem":1}')
    })
    const { status, headers, body } = await send(handler.goodLines)
    expect({ status, body }).toEqual({ status: 401, body: '{"problem":1}' })
    expect(headers['www-authenticate']).toEqual(['Bearer error="invalid_token"'])
    expect(headers['access-control-allow-origin']).toEqual([origin])
  })

  it('has its preflight answered without the upstream', async () => {
    const lines = ['Host: a', `Origin: ${origin}`, 'Access-Control-Request-Method: PUT']
    const answer = await send([...lines, 'Connection: close'], 'OPTIONS')
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toEqual([origin])
    expect(answer.headers['access-control-max-age']).toEqual(['7200'])
    expect(handler.upstreamRequests).toEqual([])
  })
})
