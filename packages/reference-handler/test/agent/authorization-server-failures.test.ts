// What users see while the authorization server is down, slow, or talks nonsense.
import { describe, expect, it } from 'vitest'
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

it('the authorization server gets the configured time for each answer, refreshes twice that', async () => {
  const { asked } = holdTimeouts()
  const world = await createWorld({ configuration: { authorizationServer: { timeout: 3 } } })
  await signIn(world, world.browser)
  await world.browser.post('/refresh')
  expect(new Set(asked())).toEqual(new Set([3000, 6000]))
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
