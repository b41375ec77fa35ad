// What a route may say about its requests: sessions that are optional, the Host, and an API's own cookies.
import { describe, expect, it } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { ConfigurationInput } from '../../src/configuration/schema.ts'
import { createOAuthProxy } from '../../src/proxy/oauth-proxy.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import { noLog } from '../support/no-log.ts'

const issuedAt = 1_000_000
const origin = 'https://www.app.example'
const cookieName = '__Host-Http-th-at'

type RouteInput = NonNullable<ConfigurationInput['routes']>[number]

/** Asks a proxy with one route; by default without any cookie. */
async function ask(
  route: Partial<RouteInput>,
  headers: Readonly<Record<string, string | undefined>> = {},
  { method = 'GET', now = issuedAt } = {},
) {
  const configuration = parseConfiguration({
    ...validInput,
    routes: [{ path: '/api', upstream: 'http://api.internal/v1', ...route }],
  })
  const fetch = () => Promise.reject(new Error('There is no authorization server.'))
  const proxy = createOAuthProxy(configuration, { now: () => now, fetch, log: noLog })
  const all = { host: 'api.app.example', origin, 'token-handler-version': '1', ...headers }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  )
  const connection = { address: '192.0.2.1', protocol: 'https' } as const
  return await proxy.authorize({ method, target: '/api/products', headers: lines, connection })
}

const session = `${cookieName}=${await sealProxyCookie(
  sealerOf(parseConfiguration(validInput), {}),
  { accessToken: 'token', issuedAt, expiresAt: issuedAt + 300_000 },
)}`

/** The value of a header that the upstream gets. */
const sent = (decision: Awaited<ReturnType<typeof ask>>, name: string) =>
  'path' in decision
    ? decision.headers.filter((_line, index) => decision.headers[index - 1] === name)
    : decision

describe('a route with an optional session', () => {
  const route = { session: 'optional', webSocket: true } as const

  it('takes a request without one, which reaches the API without a token', async () => {
    const decision = await ask(route, { authorization: 'Bearer planted', cookie: 'theme=dark' })
    expect(decision).toMatchObject({ kind: 'forward', path: '/v1/products' })
    expect(sent(decision, 'authorization')).toEqual([])
    expect(sent(decision, 'cookie')).toEqual([])
  })

  it('puts the token on where there is one', async () => {
    expect(sent(await ask(route, { cookie: session }), 'authorization')).toEqual(['Bearer token'])
  })

  it('answers 401 to a session that has to be refreshed, so that nobody is taken for a visitor', async () => {
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' }
    const refusal = { code: 'unauthorized', headers: challenge }
    expect(await ask(route, { cookie: session }, { now: issuedAt + 300_000 })).toMatchObject(
      refusal,
    )
    expect(await ask(route, { cookie: `${cookieName}=damaged` })).toMatchObject(refusal)
    expect(await ask(route, { cookie: `${session}; ${session}` })).toMatchObject(refusal)
  })

  it('gives no token of another audience, and does without one for a visitor', async () => {
    const named = { ...route, audience: 'https://api.example' }
    expect(await ask(named, { cookie: session })).toMatchObject({ code: 'unauthorized' })
    expect(await ask(named)).toMatchObject({ kind: 'forward' })
  })

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 'GET'],
    ['no version header', { 'token-handler-version': undefined }, 'GET'],
    ['no origin, to write', { origin: undefined }, 'POST'],
  ])('still refuses %s', async (_title, headers, method) => {
    expect(await ask(route, headers, { method })).toMatchObject({ code: 'untrusted_request' })
  })

  it('opens a WebSocket for an hour', async () => {
    const headers = { connection: 'upgrade', upgrade: 'websocket' }
    expect(await ask(route, headers)).toMatchObject({
      kind: 'tunnel',
      closesAt: issuedAt + 3_600_000,
    })
  })

  it('is no route without saying so', async () => {
    expect(await ask({})).toMatchObject({
      code: 'unauthorized',
      headers: { 'www-authenticate': 'Bearer realm="token-handler"' },
    })
  })
})

describe('a route that preserves the Host', () => {
  it('sends the one that the browser asked for, once', async () => {
    const decision = await ask({ preserveHost: true }, { cookie: session })
    expect(sent(decision, 'host')).toEqual(['api.app.example'])
    expect(decision).toMatchObject({ origin: 'http://api.internal', host: 'api.app.example' })
    expect(sent(await ask({}, { cookie: session }), 'host')).toEqual([])
  })
})

describe('a route that lists cookies of its API', () => {
  const cookies = ['AWSALB', 'AWSALBCORS']

  it.each([
    ['AWSALB=a', ['AWSALB=a']],
    ['theme=dark; AWSALB=a=b; AWSALBCORS=c', ['AWSALB=a=b; AWSALBCORS=c']],
    ['awsalb=a; AWSALBX=b; XAWSALB=c', []],
    ['AWSALB', []],
    ['AWSALBX', []],
    ['=AWSALB=a', []],
  ])('sends those back, and no other: %s', async (cookie, expected) => {
    const decision = await ask({ cookies }, { cookie: `${session}; ${cookie}` })
    expect(sent(decision, 'cookie')).toEqual(expected)
    expect(sent(decision, 'authorization')).toEqual(['Bearer token'])
  })

  it('sends none where it lists none', async () => {
    const decision = await ask({}, { cookie: `${session}; AWSALB=a` })
    expect(sent(decision, 'cookie')).toEqual([])
  })
})
