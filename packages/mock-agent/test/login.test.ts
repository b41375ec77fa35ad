// Sign-in, session, refresh and sign-out through the fetch adapter.
import { expect, test } from 'vitest'
import {
  agentUrl,
  call,
  createTestAgent,
  endLogin,
  origin,
  startLogin,
} from './support/test-agent.ts'

test('a first visit finds nobody signed in', async () => {
  const { agent } = createTestAgent()
  const response = await call(agent.fetch, 'session')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toEqual({ is_logged_in: false })
})

test('a user signs in and the session has the claims and the lifetime', async () => {
  const { agent, clock } = createTestAgent()
  const authorizationUrl = await startLogin(agent.fetch, { ui_locales: 'sv' })
  expect(new URL(authorizationUrl).searchParams.get('ui_locales')).toBe('sv')
  const callbackUrl = agent.completeLogin(authorizationUrl, { user: 'alice' })
  expect(callbackUrl.startsWith(`${origin}/?`)).toBe(true)
  const session = {
    is_logged_in: true,
    id_token_claims: { sub: 'alice-1', name: 'Alice' },
    access_token_expires_in: 300,
  }
  expect(await (await endLogin(agent.fetch, callbackUrl)).json()).toEqual(session)
  clock.now += 100_000
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({
    ...session,
    access_token_expires_in: 200,
  })
})

test('the redirect URI may be a path of the page', async () => {
  const { createMockAgent } = await import('@token-handler/mock-agent')
  const agent = createMockAgent({
    agentUrl,
    origin,
    users: { eve: { claims: {} } },
    redirectUri: '/callback?x=1',
  })
  const url = new URL(agent.completeLogin(await startLogin(agent.fetch), { user: 'eve' }))
  expect(url.pathname).toBe('/callback')
  expect(url.searchParams.get('x')).toBe('1')
})

test('a login can be ended once; the replay is refused and the session stays', async () => {
  const { agent } = createTestAgent()
  const callbackUrl = agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' })
  expect((await endLogin(agent.fetch, callbackUrl)).status).toBe(200)
  const replay = await endLogin(agent.fetch, callbackUrl)
  expect(replay.status).toBe(400)
  expect(await replay.json()).toMatchObject({ error_code: 'invalid_request' })
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({ is_logged_in: true })
})

test.each([
  ['an unknown state', { state: 'unknown' }],
  ['another issuer', { iss: 'https://evil.example' }],
])('a callback with %s is refused', async (_what, change) => {
  const { agent } = createTestAgent()
  const url = new URL(agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' }))
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value)
  const response = await endLogin(agent.fetch, url.href)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error_code: 'invalid_request' })
})

test('a code of another login is refused by the authorization server', async () => {
  const { agent } = createTestAgent()
  const mine = new URL(agent.completeLogin(await startLogin(agent.fetch), { user: 'alice' }))
  const other = new URL(agent.completeLogin(await startLogin(agent.fetch), { user: 'bob' }))
  mine.searchParams.set('code', other.searchParams.get('code') ?? '')
  const response = await endLogin(agent.fetch, mine.href)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ error_code: 'authorization_error' })
  expect((await endLogin(agent.fetch, other.href)).status).toBe(200)
})

test.each([
  ['access_denied', 400],
  ['login_required', 401],
])('the error %s of the authorization server is relayed with status %i', async (error, status) => {
  const { agent } = createTestAgent()
  const callbackUrl = agent.completeLogin(await startLogin(agent.fetch), { error })
  const response = await endLogin(agent.fetch, callbackUrl)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error_code: error })
})

test('a parameter off the allow-list is refused and named', async () => {
  const { agent } = createTestAgent()
  const response = await call(agent.fetch, 'startLogin', { redirect_uri: 'https://evil.example' })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('redirect_uri')
})

test('a URL that started no login cannot be completed, and the error says what to do', () => {
  const { agent } = createTestAgent()
  expect(() => agent.completeLogin('https://login.example/authorize', { user: 'alice' })).toThrow(
    /POST \/login\/start/,
  )
})

test('refresh gives a new access token, until the session has ended', async () => {
  const { agent, clock } = createTestAgent({ signedIn: 'alice' })
  clock.now += 400_000
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({
    access_token_expires_in: 0,
  })
  expect(await (await call(agent.fetch, 'refresh')).json()).toEqual({
    access_token_expires_in: 300,
  })
  agent.expireSession()
  const refused = await call(agent.fetch, 'refresh')
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ error_code: 'session_expired' })
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
})

test('logout ends the session and succeeds again afterwards', async () => {
  const { agent } = createTestAgent({ signedIn: 'bob' })
  const first = await call(agent.fetch, 'logout')
  expect(await first.json()).toEqual({
    logout_url: expect.stringMatching(/^https:\/\/login\.example\/logout/),
  })
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
  expect((await call(agent.fetch, 'logout')).status).toBe(200)
})

test('a request that forgets its credentials is a stranger, and changes nothing', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const forgetful: typeof agent.fetch = (url, init) =>
    agent.fetch(url, { ...init, credentials: 'same-origin' })
  expect(await (await call(forgetful, 'session')).json()).toEqual({ is_logged_in: false })
  expect((await call(forgetful, 'logout')).status).toBe(200)
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({ is_logged_in: true })
  const unfinishable = await startLogin(forgetful)
  expect(() => agent.completeLogin(unfinishable, { user: 'alice' })).toThrow(/No login is pending/)
})
