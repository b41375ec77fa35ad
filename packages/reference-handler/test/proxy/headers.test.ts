// Which headers pass the proxy, and which it drops or adds, in both directions.
import { describe, expect, it } from 'vitest'
import { requestHeaders, responseHeaders } from '../../src/proxy/headers.ts'
import type { HeaderLines } from '../../src/proxy/headers.ts'

const own = {
  accessToken: 'token',
  connection: { address: '192.0.2.1', protocol: 'https' },
  host: 'api.app.example',
} as const
const ours = [
  'authorization: Bearer token',
  'x-forwarded-proto: https',
  'x-forwarded-for: 192.0.2.1',
  'x-forwarded-host: api.app.example',
]
const cors = { 'access-control-allow-origin': 'https://www.app.example', vary: 'Origin' }
const corsLines = Object.entries(cors).map(([name, value]) => `${name}: ${value}`)

/** Names and values in turn, of lines as they are written. */
const split = (lines: readonly string[]) =>
  lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
const join = (lines: HeaderLines) =>
  lines.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${lines[index + 1]}`] : []))
const ask = (...lines: string[]) => join(requestHeaders(split(lines), own))
const answer = (...lines: string[]) => join(responseHeaders(split(lines), '__Host-Http-th', cors))

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
    'X-Original-URI',
    'X-Original-Host',
    'X-Original-Forwarded-For',
    'X-Client-Cert',
    'X-SSL-Cert',
    'X-ARR-ClientCert',
    'X-Amzn-Mtls-Clientcert-Leaf',
    'X-Envoy-External-Address',
    'Remote-User',
    'X-Remote-User',
    'Fastly-Client-IP',
    'X-Cluster-Client-IP',
    'token-handler-version',
    'X_Forwarded_For',
    'x_original_url',
  ])('drops %s of the client', (name) => {
    expect(ask(`${name}: planted`)).toEqual(ours)
  })

  it('passes what concerns the API, in order and repeated as it came', () => {
    const lines = ['Accept: application/json', 'X-Trace: 1', 'Content-Length: 7', 'X-Trace: 2']
    expect(ask(...lines)).toEqual([...lines, ...ours])
  })

  it('drops what the Connection header lists, but nothing that the proxy adds', () => {
    const lines = [
      'X-Hop: 1',
      'X-End: 2',
      'Connection: close, X-Hop, authorization',
      'connection: x-forwarded-for , X-Forwarded-Proto',
    ]
    expect(ask(...lines)).toEqual(['X-End: 2', ...ours])
  })

  it('says nothing about a client it knows nothing about', () => {
    const nobody = { accessToken: 'token', connection: { protocol: 'http' } } as const
    expect(join(requestHeaders([], nobody))).toEqual([
      'authorization: Bearer token',
      'x-forwarded-proto: http',
    ])
  })
})

describe('responseHeaders', () => {
  it.each([
    ['Connection', 'close'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['Upgrade', 'h2c'],
    ['Authorization', 'Bearer echoed'],
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
    expect(answer('Cache-Control: no-store', `${name}: ${value}`)).toEqual([
      'Cache-Control: no-store',
      ...corsLines,
    ])
  })

  it.each([
    'Set-Cookie: theme=dark',
    'Set-Cookie: __Host-Http-theme=dark',
    'WWW-Authenticate: Bearer error="invalid_token"',
    'Content-Length: 7',
    'Vary: Accept',
  ])('passes %s', (line) => {
    expect(answer(line)).toEqual([line, 'cache-control: private', ...corsLines])
  })

  it('lets a trusted page read what the API exposes, besides our own', () => {
    const exposing = [
      'Access-Control-Expose-Headers: ETag, Link',
      'access-control-expose-headers: X-Total',
    ]
    const granted = { 'access-control-expose-headers': 'Retry-After' }
    const lines = (cors: Readonly<Record<string, string>>) =>
      join(responseHeaders(split(exposing), '__Host-Http-th', cors))
    expect(lines(granted)).toEqual([
      'cache-control: private',
      'access-control-expose-headers: Retry-After, ETag, Link, X-Total',
    ])
    expect(lines({ vary: 'Origin' })).toEqual(['cache-control: private', 'vary: Origin'])
  })

  it('drops what the upstream lists in Connection, but not our CORS headers', () => {
    const connection = 'Connection: X-Hop, access-control-allow-origin, vary'
    expect(answer(connection, 'X-Hop: 1')).toEqual(['cache-control: private', ...corsLines])
  })

  // RFC 9111 section 3.5: what these allow or forbid holds for requests with an access token too.
  it.each([
    'public, max-age=60',
    'private',
    'no-store',
    'max-age=60, must-revalidate',
    'S-MAXAGE=60',
  ])('leaves it to an API that has decided on shared caches: %s', (value) => {
    expect(answer(`Cache-Control: ${value}`)).toEqual([`Cache-Control: ${value}`, ...corsLines])
  })

  it.each(['max-age=60', 'no-cache', 'x-private=1', 'no-transform'])(
    'keeps shared caches from storing what no API has allowed them to: %s',
    (value) => {
      const line = `Cache-Control: ${value}`
      expect(answer(line)).toEqual([line, 'cache-control: private', ...corsLines])
    },
  )
})
