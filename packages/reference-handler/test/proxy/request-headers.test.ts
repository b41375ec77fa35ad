// Which headers of a request pass the proxy, and which it drops or adds.
import { describe, expect, it } from 'vitest'
import { requestHeaders } from '../../src/proxy/headers.ts'
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

/** Names and values in turn, of lines as they are written. */
const split = (lines: readonly string[]) =>
  lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
const join = (lines: HeaderLines) =>
  lines.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${lines[index + 1]}`] : []))
const ask = (...lines: string[]) => join(requestHeaders(split(lines), own))

describe('the trace of a page', () => {
  const trace = ['traceparent: 00-a-b-01', 'Tracestate: a=b', 'baggage: c=d']

  it('reaches the API, unless the handler writes its own', () => {
    expect(ask(...trace)).toEqual([...trace, ...ours])
    const lines = requestHeaders(split([...trace, 'X-Trace: 1']), { ...own, dropsTrace: true })
    expect(join(lines)).toEqual(['X-Trace: 1', ...ours])
  })
})

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
