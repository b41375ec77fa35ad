// APIs behind the mock's proxy.
import { tokenHandler1 } from '@token-handler/contract'
import { expect, test } from 'vitest'
import { call, callApi, createTestAgent, endLogin, startLogin } from './support/test-agent.ts'

const orders = 'https://api.example.com/api/orders'

test('a signed-in user reaches the API, which knows the claims', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, ({ request, claims, user }) =>
    Response.json({ method: request.method, customer: claims.name, user }),
  )
  const response = await callApi(agent.fetch, `${orders}?page=2`)
  expect(await response.json()).toEqual({ method: 'GET', customer: 'Alice', user: 'alice' })
})

test('nobody signed in: 401 with a bare challenge', async () => {
  const { agent } = createTestAgent()
  agent.protect(orders, () => Response.json([]))
  const response = await callApi(agent.fetch, orders)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="token-handler"')
  expect(await response.json()).toMatchObject({ error_code: 'unauthorized' })
})

test('an expired access token: 401 invalid_token until the refresh', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]))
  agent.expireAccessToken()
  const response = await callApi(agent.fetch, orders)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  await call(agent.fetch, 'refresh')
  expect((await callApi(agent.fetch, orders)).status).toBe(200)
})

test('the clock alone expires the access token, at the very millisecond', async () => {
  const { agent, clock } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]))
  clock.now += 299_999
  expect((await callApi(agent.fetch, orders)).status).toBe(200)
  clock.now += 1
  expect((await callApi(agent.fetch, orders)).status).toBe(401)
})

test('an API call without the version header is refused, signed in or not', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]))
  const response = await agent.fetch(orders, { credentials: 'include' })
  expect(response.status).toBe(403)
  expect(await response.json()).toMatchObject({ error_code: 'untrusted_request' })
})

test('an API call without credentials has no session', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]))
  expect((await agent.fetch(orders, { headers: tokenHandler1.headers })).status).toBe(401)
})

test('a final star covers everything below, and the latest resource wins', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect('https://api.example.com/api/*', () => new Response('any'))
  agent.protect(orders, () => new Response('orders'))
  expect(await (await callApi(agent.fetch, `${orders}/7`)).text()).toBe('any')
  expect(await (await callApi(agent.fetch, orders)).text()).toBe('orders')
})

test('what the API answers passes through, errors included', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => new Response('no', { status: 403 }))
  expect(await (await callApi(agent.fetch, orders)).text()).toBe('no')
})

const challengeOf = (response: Response): string | null => response.headers.get('www-authenticate')

test('an API that wants a stronger sign-in asks for it, and gets it by a step-up', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, ({ acr }) => new Response(acr), { acrValues: ['mfa', 'passkey'] })
  const refused = await callApi(agent.fetch, orders)
  expect(refused.status).toBe(401)
  expect(challengeOf(refused)).toBe(
    'Bearer error="insufficient_user_authentication", acr_values="mfa passkey"',
  )
  const url = await startLogin(agent.fetch, { acr_values: 'passkey' })
  await endLogin(agent.fetch, agent.completeLogin(url, { user: 'alice' }))
  expect(await (await callApi(agent.fetch, orders)).text()).toBe('passkey')
})

test('an API that wants a newer sign-in says how new, and a refresh does not help', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]), { maxAge: 60 })
  agent.advance(60_000)
  expect((await callApi(agent.fetch, orders)).status).toBe(200)
  agent.advance(1)
  await call(agent.fetch, 'refresh')
  expect(challengeOf(await callApi(agent.fetch, orders))).toBe(
    'Bearer error="insufficient_user_authentication", max_age="60"',
  )
  agent.signIn('alice')
  expect((await callApi(agent.fetch, orders)).status).toBe(200)
})

test('an API that is not for everybody answers 403', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect(orders, () => Response.json([]), { users: ['bob'] })
  const refused = await callApi(agent.fetch, orders)
  expect(refused.status).toBe(403)
  expect(challengeOf(refused)).toBe('Bearer error="insufficient_scope"')
  agent.switchUser('bob')
  expect((await callApi(agent.fetch, orders)).status).toBe(200)
})

test('nobody can be switched from when nobody is signed in', () => {
  const { agent } = createTestAgent()
  expect(() => agent.switchUser('bob')).toThrow('There is no session')
})

test.each([
  [{}, 'private', 'Cookie, Origin'],
  [
    { 'cache-control': 'max-age=60', vary: 'Accept' },
    'max-age=60, private',
    'Accept, Cookie, Origin',
  ],
  [{ 'cache-control': 'no-store' }, 'no-store', 'Cookie, Origin'],
  [{ 'cache-control': 'public, max-age=60' }, 'public, max-age=60', 'Origin'],
  [{ 'cache-control': 'public', vary: 'Authorization' }, 'public', 'Authorization, Cookie, Origin'],
  [{ 'cache-control': 'no-store', vary: '*' }, 'no-store', '*'],
])(
  'an answer of an API is for one user, unless the API shares it: %j',
  async (headers, cacheControl, vary) => {
    const { agent } = createTestAgent({ signedIn: 'alice' })
    agent.protect(orders, () => Response.json([], { headers }))
    const response = await callApi(agent.fetch, orders)
    expect(response.headers.get('cache-control')).toBe(cacheControl)
    expect(response.headers.get('vary')).toBe(vary)
  },
)

test('what agent and proxy answer themselves is kept by no cache, not even a service worker', async () => {
  const { agent } = createTestAgent()
  agent.protect(orders, () => Response.json([]))
  for (const response of [await callApi(agent.fetch, orders), await call(agent.fetch, 'session')]) {
    expect(response.headers.get('vary')).toBe('*')
  }
})
