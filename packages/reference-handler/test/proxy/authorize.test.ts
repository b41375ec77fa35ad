import { beforeEach, describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import { createOAuthProxy } from '../../src/proxy/authorize.ts'
import { answerDecision } from '../../src/proxy/decision.ts'
import type { ProxyRequest } from '../../src/proxy/authorize.ts'
import { createConfiguredSealer } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'

const configuration = parseConfiguration({
  ...validInput,
  routes: [
    { path: '/api', upstream: 'http://api.internal/v1', timeout: 7 },
    { path: '/read', upstream: 'http://read.internal', methods: ['GET', 'HEAD'] },
    { path: '/events', upstream: 'http://events.internal', eventSource: true },
  ],
})
const origin = 'https://www.app.example'
const cookieName = '__Host-Http-th-at'
const sealer = createConfiguredSealer(configuration)
const issuedAt = 1_000_000
const expiresAt = issuedAt + 300_000

let now: number
let cookie: string
beforeEach(async () => {
  now = issuedAt
  cookie = await sealProxyCookie(sealer, { accessToken: 'token', issuedAt, expiresAt })
})

const proxy = createOAuthProxy(configuration, { now: () => now })

interface Changes {
  readonly method?: string
  readonly target?: string
  /** `undefined` leaves the header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** Decides about a good request, changed in places. */
function authorize({ method = 'GET', target = '/api/orders', headers = {} }: Changes = {}) {
  const all = {
    host: 'api.app.example',
    origin,
    cookie: `${cookieName}=${cookie}`,
    'token-handler-version': '1',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  const connection = { address: '192.0.2.1', protocol: 'https' } as const
  const request: ProxyRequest = { method, target, headers: lines, connection }
  return proxy.authorize(request)
}

const cors = {
  vary: 'Origin',
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
}
const refusal = (code: string, headers = {}) => ({
  kind: 'refuse',
  code,
  reason: expect.any(String),
  headers: { ...cors, ...headers },
})

describe('the proxy', () => {
  it('forwards a request with its cookie turned into a bearer token', async () => {
    expect(await authorize({ target: '/api/orders?page=2' })).toEqual({
      kind: 'forward',
      origin: 'http://api.internal',
      path: '/v1/orders?page=2',
      headers: [
        ['origin', origin],
        ['authorization', 'Bearer token'],
        ['x-forwarded-proto', 'https'],
        ['x-forwarded-for', '192.0.2.1'],
        ['x-forwarded-host', 'api.app.example'],
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

  it('challenges a request without our cookie', async () => {
    for (const header of [undefined, 'theme=dark', `x${cookieName}=${cookie}`]) {
      expect(await authorize({ headers: { cookie: header } })).toEqual(
        refusal('unauthorized', { 'www-authenticate': 'Bearer' }),
      )
    }
  })

  it.each([
    ['tampered', () => `${cookieName}=${cookie.slice(0, -1)}`],
    ['made up', () => `${cookieName}=planted`],
    ['empty', () => `${cookieName}=`],
    ['doubled', () => `${cookieName}=${cookie}; ${cookieName}=${cookie}`],
  ])('says that a %s cookie is of no use', async (_title, header) => {
    expect(await authorize({ headers: { cookie: header() } })).toEqual(
      refusal('unauthorized', { 'www-authenticate': 'Bearer error="invalid_token"' }),
    )
  })

  it('does not take a session cookie for a proxy cookie', async () => {
    const session = await sealer.seal('session', ['token', issuedAt, expiresAt])
    expect(await authorize({ headers: { cookie: `${cookieName}=${session}` } })).toMatchObject({
      code: 'unauthorized',
    })
  })

  it('refuses an access token from the moment it expires', async () => {
    now = expiresAt - 1
    expect(await authorize()).toMatchObject({ kind: 'forward' })
    now = expiresAt
    expect(await authorize()).toEqual(
      refusal('unauthorized', { 'www-authenticate': 'Bearer error="invalid_token"' }),
    )
  })

  it('forwards an access token whose end nobody knows', async () => {
    cookie = await sealProxyCookie(sealer, { accessToken: 'opaque', issuedAt })
    now = issuedAt + 365 * 86_400_000
    expect(await authorize()).toMatchObject({ kind: 'forward' })
  })

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

  it('grants nothing to the preflight of an untrusted origin', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }
    const decision = await authorize({ method: 'OPTIONS', headers })
    expect(decision.kind === 'preflight' && Object.keys(decision.headers)).toEqual(['vary'])
  })
})

describe('answerDecision', () => {
  const decision = {
    kind: 'refuse',
    code: 'unauthorized',
    reason: 'The access token has expired.',
    headers: { 'www-authenticate': 'Bearer' },
  } as const

  it('makes the documented error', async () => {
    const response = answerDecision(decision, false)
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toEqual({ error_code: 'unauthorized' })
  })

  it('adds the reason where the configuration exposes it', async () => {
    expect(await answerDecision(decision, true).json()).toEqual({
      error_code: 'unauthorized',
      detailed_error: 'The access token has expired.',
    })
  })
})
