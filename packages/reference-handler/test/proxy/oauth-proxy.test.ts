// The proxy's decisions: who may call what, in which order it is judged, and what a refusal says.
import { describe, expect, it } from 'vitest'
import { authorize, cors, origin, refusal } from './proxy-under-test.ts'

describe('the proxy', () => {
  it('forwards a request with its cookie turned into a bearer token', async () => {
    expect(await authorize({ target: '/api/orders?page=2' })).toEqual({
      kind: 'forward',
      origin: 'http://api.internal',
      prefix: '/api',
      path: '/v1/orders?page=2',
      headers: [
        'origin',
        origin,
        'authorization',
        'Bearer token',
        'x-forwarded-proto',
        'https',
        'x-forwarded-for',
        '192.0.2.1',
        'x-forwarded-host',
        'api.app.example',
        'x-forwarded-prefix',
        '/api',
      ],
      timeout: 7,
      corsHeaders: cors,
    })
  })

  it('lets a page of its own origin read without an Origin header', async () => {
    const headers = { origin: undefined, 'sec-fetch-site': 'same-origin' }
    expect(await authorize({ headers })).toMatchObject({ kind: 'forward' })
  })

  it('refuses a hostile target before anything else, readable for a trusted page', async () => {
    expect(await authorize({ method: 'OPTIONS', target: '/api/%2e%2e/admin' })).toEqual(
      refusal('invalid_request'),
    )
  })

  it('has nothing for a path without a route', async () => {
    expect(await authorize({ target: '/apis' })).toEqual(refusal('not_found'))
  })

  it('refuses a method that the route does not list, and lists those', async () => {
    expect(await authorize({ target: '/read/x', method: 'POST' })).toEqual(
      refusal('method_not_allowed', { allow: 'GET, HEAD' }),
    )
  })

  it.each(['TRACE', 'OPTIONS', 'PROPFIND', 'get'])('refuses %s by default', async (method) => {
    expect(await authorize({ method })).toMatchObject({ code: 'method_not_allowed' })
  })

  it.each([
    ['without the version header', 'GET', { 'token-handler-version': undefined }],
    ['with another version', 'GET', { 'token-handler-version': '2' }],
    ['that writes, without Origin', 'POST', { origin: undefined }],
    [
      'from another site, without Origin',
      'GET',
      { origin: undefined, 'sec-fetch-site': 'cross-site' },
    ],
  ])('refuses a request %s', async (_title, method, headers) => {
    expect(await authorize({ method, headers })).toMatchObject({
      kind: 'refuse',
      code: 'untrusted_request',
    })
  })

  it.each(['https://evil.example', 'null', `${origin}, ${origin}`, `${origin}/`])(
    'refuses the origin %s, and lets it read nothing',
    async (untrusted) => {
      expect(await authorize({ headers: { origin: untrusted } })).toMatchObject({
        code: 'untrusted_request',
        headers: { vary: 'Origin' },
      })
      const decision = await authorize({ headers: { origin: untrusted } })
      expect(decision.kind === 'refuse' && Object.keys(decision.headers)).toEqual(['vary'])
    },
  )

  it('lets EventSource connect without the version header where the route says so', async () => {
    const headers = { 'token-handler-version': undefined, 'sec-fetch-site': 'same-site' }
    expect(await authorize({ target: '/events', headers })).toMatchObject({ kind: 'forward' })
    expect(await authorize({ target: '/api/events', headers })).toMatchObject({
      code: 'untrusted_request',
    })
  })

  it('forwards no upgrade, and tells only a trusted origin why', async () => {
    const headers = { upgrade: 'websocket', connection: 'upgrade' }
    expect(await authorize({ headers })).toMatchObject({ code: 'invalid_request' })
    expect(await authorize({ headers: { ...headers, origin: undefined } })).toMatchObject({
      code: 'untrusted_request',
    })
  })

  it('answers a preflight itself, with the methods of the route and the headers asked for', async () => {
    const headers = {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'token-handler-version, X-Trace,',
      cookie: undefined,
      'token-handler-version': undefined,
    }
    const decision = await authorize({ method: 'OPTIONS', target: '/read', headers })
    expect(decision).toMatchObject({
      kind: 'preflight',
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD',
        'access-control-allow-headers': 'token-handler-version, x-trace',
        'access-control-max-age': '7200',
      },
    })
  })

  it('answers the preflight of a path that it refuses, so that the page can read why', async () => {
    const headers = { 'access-control-request-method': 'PUT' }
    const target = '/api/files/a%2Fb'
    expect(await authorize({ method: 'OPTIONS', target, headers })).toMatchObject({
      kind: 'preflight',
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'PUT' },
    })
    const foreign = { ...headers, origin: 'https://evil.example' }
    const decision = await authorize({ method: 'OPTIONS', target, headers: foreign })
    expect(decision.kind === 'preflight' && Object.keys(decision.headers)).toEqual(['vary'])
  })

  it('grants nothing to the preflight of an untrusted origin', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }
    const decision = await authorize({ method: 'OPTIONS', headers })
    expect(decision.kind === 'preflight' && Object.keys(decision.headers)).toEqual(['vary'])
  })
})
