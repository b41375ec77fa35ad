// The whole path through the stack: a page signs in, calls the API, and lives through outages.
import { expect, test } from 'vitest'
import { useLocalStack } from './local-stack-fixture.ts'
import type { SpaPage } from './spa-page.ts'
import { readEvents, send } from './visitor.ts'

const start = useLocalStack()

const isLoggedIn = async (page: SpaPage): Promise<unknown> =>
  (await page.call('GET', '/session')).json['is_logged_in']

const formats = ['jwt', 'opaque'] as const

test.for(formats)(
  'with %s access tokens, a user signs in, uses the API, outlives the access token, and signs out',
  async (accessTokenFormat) => {
    const { stack, page } = await start({ consent: true, accessTokenFormat })
    expect(await isLoggedIn(page)).toBe(false)

    const started = await page.call('POST', '/login/start')
    const callback = await page.signIn(String(started.json['authorization_url']))
    const ended = await page.call('POST', '/login/end', callback.searchParams)
    expect(ended.json).toMatchObject({
      is_logged_in: true,
      id_token_claims: { sub: 'alice', name: 'Alice Andersson', email: 'alice@example.com' },
    })
    expect((await page.api('/orders')).body).toContain('Autumn Storm')

    await stack.controls.expireAccessTokens()
    expect((await page.api('/orders')).status).toBe(401)
    expect((await page.call('POST', '/refresh')).status).toBe(200)
    expect((await page.api('/orders')).status).toBe(200)

    const { json } = await page.call('POST', '/logout')
    expect(await isLoggedIn(page)).toBe(false)
    expect((await page.signOut(String(json['logout_url']))).href).toBe(`${stack.urls.spa}/`)
    const silent = await page.call('POST', '/login/start', { prompt: 'none' })
    const answer = await page.visit(String(silent.json['authorization_url']))
    expect(answer.url.searchParams.get('error')).toBe('login_required')
  },
)

test('what the agent was asked is counted, and can be forgotten', async () => {
  const { stack, page } = await start()
  await page.call('GET', '/session')
  await page.call('POST', '/refresh')
  await page.call('GET', '/nonsense')

  expect(stack.agentCalls()).toMatchObject([
    { operation: 'session', method: 'GET', path: '/session', status: 200 },
    { operation: 'refresh', method: 'POST', path: '/refresh', status: 401 },
    { operation: undefined, method: 'GET', path: '/nonsense', status: 404 },
  ])
  stack.resetAgentCalls()
  expect(stack.agentCalls()).toEqual([])
})

test.for([true, false])(
  'with rotation %s, a refresh brings a new access token',
  async (rotation) => {
    const { stack, page } = await start({ refreshTokenRotation: rotation })
    await page.logIn()

    await stack.controls.expireAccessTokens()
    expect((await page.call('POST', '/refresh')).status).toBe(200)

    expect((await page.api('/orders')).status).toBe(200)
  },
)

test('ending the sessions ends what the handler could refresh', async () => {
  const { stack, page } = await start()
  await page.logIn()

  await stack.controls.endSessions()

  const { status, json } = await page.call('POST', '/refresh')
  expect(status).toBe(401)
  expect(json['error_code']).toBe('session_expired')
})

test.for(['down', 'error', 'nonsense'] as const)(
  'an authorization server that is %s ends no session',
  async (availability) => {
    const { stack, page } = await start()
    await page.logIn()

    await stack.controls.setAuthorizationServer(availability)
    const { status, json } = await page.call('POST', '/refresh')
    expect([status, json['error_code']]).toEqual([502, 'authorization_server_error'])

    await stack.controls.setAuthorizationServer('up')
    expect((await page.call('POST', '/refresh')).status).toBe(200)
  },
)

test('an API that is down is told from one that refuses', async () => {
  const { stack, page } = await start()
  await page.logIn()

  await stack.controls.setApi('down')
  expect((await page.api('/orders')).status).toBe(502)

  await stack.controls.setApi('up')
  expect((await page.api('/orders')).status).toBe(200)
})

test('a page watches its orders through the proxy without a header of its own', async () => {
  const { page } = await start()
  await page.logIn('bob')

  const stream = await page.events('/events')

  expect(stream.headers['content-type']).toBe('text/event-stream')
  expect(await readEvents(stream)()).toContain('Drift Ice')
})

test('the controls work over HTTP from the SPA’s origin', async () => {
  const { stack, page } = await start()
  await page.logIn()

  const { status } = await send(`${stack.urls.control}/expire-access-tokens`, {
    method: 'POST',
    headers: { origin: stack.urls.spa },
  })

  expect(status).toBe(204)
  expect((await page.api('/orders')).status).toBe(401)
})

test('opaque access tokens stay between agent, proxy and authorization server', async () => {
  const { stack, page } = await start({ accessTokenFormat: 'opaque' })
  await page.logIn()
  const echoed = await page.api('/echo')
  expect(echoed.status).toBe(200)

  const direct = await fetch(`${stack.urls.demoApi}/orders`, {
    headers: { authorization: `Bearer ${[...stack.issuedSecrets()].at(-1)}` },
  })
  expect(direct.status).toBe(401)

  await stack.controls.setAuthorizationServer('down')
  const answer = await page.api('/orders')
  expect(answer.status).toBe(503)
  expect(answer.body).toBe('{"error_code":"temporarily_unavailable"}')
})
