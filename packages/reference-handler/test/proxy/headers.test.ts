import { describe, expect, it } from 'vitest'
import { requestHeaders, responseHeaders } from '../../src/proxy/headers.ts'
import type { HeaderLines } from '../../src/proxy/headers.ts'

const own = {
  accessToken: 'token',
  connection: { address: '192.0.2.1', protocol: 'https' },
  host: 'api.app.example',
} as const
const ours = [
  ['authorization', 'Bearer token'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-for', '192.0.2.1'],
  ['x-forwarded-host', 'api.app.example'],
]
const cors = { 'access-control-allow-origin': 'https://www.app.example', vary: 'Origin' }
const answer = (...lines: HeaderLines) => responseHeaders(lines, '__Host-Http-th', cors)

describe('requestHeaders', () => {
  it.each([
    'Authorization',
    'Cookie',
    'Host',
    'Connection',
    'Keep-Alive',
    'Proxy-Connection',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'HTTP2-Settings',
    'Expect',
    'Forwarded',
    'Via',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Client-Cert',
    'X-Real-IP',
    'Client-Cert',
    'X-HTTP-Method-Override',
    'X-Original-URL',
    'token-handler-version',
    'X_Forwarded_For',
    'x_original_url',
  ])('drops %s of the client', (name) => {
    expect(requestHeaders([[name, 'planted']], own)).toEqual(ours)
  })

  it('passes what concerns the API, in order and repeated as it came', () => {
    const lines: HeaderLines = [
      ['Accept', 'application/json'],
      ['X-Trace', '1'],
      ['Content-Length', '7'],
      ['X-Trace', '2'],
    ]
    expect(requestHeaders(lines, own)).toEqual([...lines, ...ours])
  })

  it('drops what the Connection header lists, but nothing that the proxy adds', () => {
    const lines: HeaderLines = [
      ['X-Hop', '1'],
      ['X-End', '2'],
      ['Connection', 'close, X-Hop, authorization'],
      ['connection', 'x-forwarded-for , X-Forwarded-Proto'],
    ]
    expect(requestHeaders(lines, own)).toEqual([['X-End', '2'], ...ours])
  })

  it('says nothing about a client it knows nothing about', () => {
    expect(requestHeaders([], { accessToken: 'token', connection: { protocol: 'http' } })).toEqual([
      ['authorization', 'Bearer token'],
      ['x-forwarded-proto', 'http'],
    ])
  })
})

describe('responseHeaders', () => {
  it.each([
    ['Connection', 'close'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'h2c'],
    ['Proxy-Authenticate', 'Basic'],
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Expose-Headers', 'X-Secret'],
    ['Set-Cookie', '__Host-Http-th-at=planted; Path=/'],
    ['Set-Cookie', '__host-http-TH-session=planted'],
    ['Set-Cookie', ' __Host-Http-th-login-1=planted'],
    ['Set-Cookie', '=__Host-Http-th-at=planted'],
    ['Set-Cookie', '__Host-Http-th-at'],
  ])('drops %s: %s', (name, value) => {
    expect(answer([name, value])).toEqual(Object.entries(cors))
  })

  it.each([
    ['Set-Cookie', 'theme=dark'],
    ['Set-Cookie', '__Host-Http-theme=dark'],
    ['WWW-Authenticate', 'Bearer error="invalid_token"'],
    ['Content-Length', '7'],
    ['Vary', 'Accept'],
  ])('passes %s: %s', (name, value) => {
    expect(answer([name, value])).toEqual([[name, value], ...Object.entries(cors)])
  })

  it('drops what the upstream lists in Connection, but not our CORS headers', () => {
    expect(
      answer(['Connection', 'X-Hop, access-control-allow-origin, vary'], ['X-Hop', '1']),
    ).toEqual(Object.entries(cors))
  })
})
