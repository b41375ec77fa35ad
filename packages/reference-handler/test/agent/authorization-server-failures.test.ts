// What users see while the authorization server is down, slow, or talks nonsense.
import { describe, expect, it } from 'vitest'
import { issuer } from '../support/provider.ts'
import type { Answer } from '../support/authorization-server.ts'
import type { EndpointName } from '../support/provider.ts'
import { holdTimeouts } from '../support/timeouts.ts'
import type { HeldTimeouts } from '../support/timeouts.ts'
import { createWorld, signIn } from '../support/world.ts'

const unusable = {
  status: 502,
  body: { error_code: 'authorization_server_error' },
  setCookies: [],
}

const jsonType = { 'content-type': 'application/json' }
const text = (body: string, init: ResponseInit) => () => new Response(body, init)
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status })

/** What goes wrong; the slow ones let the time for an answer pass. */
const troubles: [string, (timeouts: HeldTimeouts) => Answer][] = [
  ['cannot be reached', () => () => Promise.reject(new TypeError('fetch failed'))],
  [
    'does not answer in time',
    ({ elapse }) =>
      () => {
        elapse()
        return new Promise(() => undefined)
      },
  ],
  [
    'sends a body that never ends',
    ({ elapse }) =>
      () => {
        elapse()
        return new Response(new ReadableStream(), { headers: jsonType })
      },
  ],
  ['answers 500', () => text('oops', { status: 500 })],
  ['answers 503 with an OAuth error', () => json({ error: 'temporarily_unavailable' }, 503)],
  ['answers 200 with a page', () => text('<html>', { headers: { 'content-type': 'text/html' } })],
  ['answers 200 with broken JSON', () => text('{"access_token', { headers: jsonType })],
  ['answers 200 with an empty object', () => json({})],
  ['answers 200 with null', () => json(null)],
  ['answers 404 with a page', () => text('<html>', { status: 404 })],
  ['redirects', () => text('', { status: 302, headers: { location: 'https://evil.example' } })],
]

describe.each(troubles)('while the authorization server %s', (_, trouble) => {
  it('a login cannot start, and can when it is back', async () => {
    const world = await createWorld()
    world.server.override('metadata', trouble(holdTimeouts()))
    expect(await world.browser.post('/login/start')).toMatchObject(unusable)
    world.server.override('metadata', undefined)
    expect(await world.browser.post('/login/start')).toMatchObject({ status: 200 })
  })

  it('a login cannot end', async () => {
    const world = await createWorld()
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    world.server.override('token', trouble(holdTimeouts()))
    expect(await world.browser.post('/login/end', callback)).toMatchObject({
      ...unusable,
      setCookies: [expect.stringContaining('Max-Age=0')],
    })
    expect(world.browser.cookies.size).toBe(0)
  })

  it('a refresh changes nothing, and succeeds when it is back', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const cookies = new Map(world.browser.cookies)
    world.server.override('token', trouble(holdTimeouts()))
    expect(await world.browser.post('/refresh')).toMatchObject(unusable)
    expect(world.browser.cookies).toEqual(cookies)
    expect((await world.browser.get('/session')).body).toMatchObject({ is_logged_in: true })
    world.server.override('token', undefined)
    expect(await world.browser.post('/refresh')).toMatchObject({ status: 200 })
  })
})

it('the authorization server gets the configured time for each answer', async () => {
  const { asked } = holdTimeouts()
  const world = await createWorld({ configuration: { authorizationServer: { timeout: 3 } } })
  await signIn(world, world.browser)
  await world.browser.post('/refresh')
  expect(asked()).toEqual([3000, 3000, 3000])
})

describe('metadata', () => {
  it.each([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['without S256', { code_challenge_methods_supported: ['plain'] }],
    ['without PKCE', { code_challenge_methods_supported: undefined }],
    ['without an authorization endpoint', { authorization_endpoint: undefined }],
    ['with a script as authorization endpoint', { authorization_endpoint: 'javascript:alert(1)' }],
    ['without a token endpoint', { token_endpoint: undefined }],
  ])('%s is refused', async (_, metadata) => {
    const { browser } = await createWorld({ metadata })
    expect(await browser.post('/login/start')).toMatchObject(unusable)
  })

  it('of another issuer is explained', async () => {
    const { browser } = await createWorld({ metadata: { issuer: `${issuer}/tenant` } })
    const { body } = await browser.post('/login/start')
    expect(body['detailed_error']).toContain('"issuer" property does not match')
  })

  it('over plain http is refused for the token endpoint', async () => {
    const world = await createWorld({
      metadata: { token_endpoint: 'http://login.idp.example/token' },
    })
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    const answer = await world.browser.post('/login/end', callback)
    expect(answer.status).toBe(502)
    expect(answer.body['detailed_error'], 'and not that nobody listens there').toContain('https')
  })

  it('over plain http is refused for any endpoint, also beside one on this machine', async () => {
    const world = await createWorld({
      metadata: { revocation_endpoint: 'http://login.idp.example/revoke' },
      configuration: { authorizationServer: { endSessionEndpoint: 'http://127.0.0.1:4000/end' } },
    })
    await signIn(world, world.browser)
    await world.browser.post('/logout')
    expect(world.lines.join()).toContain('not https')
  })

  it('is asked for once by many, and again after an hour', async () => {
    const { browser, clock, server } = await createWorld()
    await Promise.all([1, 2, 3].map(() => browser.send('POST', '/login/start')))
    clock.now += 3_599_999
    await browser.post('/login/start')
    expect(server.calls.metadata).toBe(1)
    clock.now += 1
    await browser.post('/login/start')
    expect(server.calls.metadata).toBe(2)
  })

  it('over plain http is accepted on this machine', async () => {
    const local = 'http://login.idp.localhost:4000'
    const world = await createWorld({
      configuration: {
        authorizationServer: {
          issuer: local,
          authorizationEndpoint: `${local}/authorize`,
          tokenEndpoint: `${issuer}/internal/token`,
          jwksUri: `${issuer}/jwks`,
        },
      },
      claims: { iss: local },
    })
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    callback.set('iss', local)
    expect(await world.browser.post('/login/end', callback)).toMatchObject({ status: 200 })
  })
})

describe('an OAuth error of the token endpoint', () => {
  const refusals: [string, EndpointName, Answer][] = [
    [
      'invalid_client with a challenge',
      'token',
      () =>
        Response.json(
          { error: 'invalid_client' },
          { status: 401, headers: { 'www-authenticate': 'Basic realm="idp"' } },
        ),
    ],
    ['unauthorized_client', 'token', json({ error: 'unauthorized_client' }, 400)],
  ]

  it.each(refusals)('%s is told apart from the end of the session', async (_, name, answer) => {
    const world = await createWorld()
    await signIn(world, world.browser)
    world.server.override(name, answer)
    expect(await world.browser.post('/refresh')).toMatchObject({
      status: 400,
      body: { error_code: 'authorization_error' },
      setCookies: [],
    })
  })

  it('ends a login with 400', async () => {
    const world = await createWorld()
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    world.server.override('token', json({ error: 'invalid_grant' }, 400))
    expect(await world.browser.post('/login/end', callback)).toMatchObject({
      status: 400,
      body: { error_code: 'authorization_error' },
    })
  })
})

it('a token that is no bearer token is refused', async () => {
  const world = await createWorld()
  await signIn(world, world.browser)
  world.server.override('token', json({ access_token: 'a', token_type: 'DPoP' }))
  expect(await world.browser.post('/refresh')).toMatchObject(unusable)
})
