// The wire of the open source agents, request by request.
import { createMockAgent } from '@token-handler/mock-agent'
import type { MockAgentOptions } from '@token-handler/mock-agent'
import { agentNodeServer } from '@token-handler/mock-agent/agent-node'
import { expect, test } from 'vitest'
import { agentUrl, origin } from './support/test-agent.ts'

const csrfHeader = 'x-example-csrf'
const orders = 'https://api.example.com/api/orders'
const users = {
  alice: { claims: { sub: 'alice-1' } },
  asa: { claims: { sub: 'asa-1', name: 'Åsa' } },
} as const

/** A mock that speaks the profile, and a page that does. */
function createPage(options: Pick<MockAgentOptions<typeof users>, 'signedIn'> = {}) {
  const profile = agentNodeServer({ csrfHeader })
  const agent = createMockAgent({ agentUrl, origin, users, profile, ...options })
  agent.protect(orders, () => Response.json([]))
  const send = (url: string, method: string, body?: unknown, csrf?: string) =>
    agent.fetch(url, {
      method,
      credentials: 'include',
      headers: { 'content-type': 'application/json', ...(csrf && { [csrfHeader]: csrf }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const post = (path: string, body?: unknown, csrf?: string) =>
    send(agentUrl + path, 'POST', body, csrf)
  const get = (path: string) => send(agentUrl + path, 'GET')
  const endLogin = async (pageUrl: string) =>
    (await (await post('/login/end', { pageUrl })).json()) as { readonly csrf: string }
  return { agent, send, post, get, endLogin }
}

const answer = async (response: Promise<Response>) => {
  const { status } = await response
  const text = await (await response).text()
  return { status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

const refusal = (status: number, code: string) => ({
  status,
  body: { code, message: expect.any(String) },
})

test('a login is ended by the URL of the page, which brings the CSRF token', async () => {
  const { agent, post, endLogin } = createPage()
  const extraParams = [{ key: 'acr_values', value: 'mfa' }]
  const { body } = await answer(post('/login/start', { extraParams }))
  const { authorizationRequestUrl } = body as { readonly authorizationRequestUrl: string }
  expect(new URL(authorizationRequestUrl).searchParams.get('acr_values')).toBe('mfa')
  const pageUrl = agent.completeLogin(authorizationRequestUrl, { user: 'alice' })
  const ended = await endLogin(pageUrl)
  expect(ended).toEqual({ isLoggedIn: true, handled: true, csrf: expect.any(String) })
  expect(await endLogin(`${origin}/orders`)).toEqual({ ...ended, handled: false })
  expect(await answer(post('/login/end', { pageUrl }))).toEqual(refusal(400, 'invalid_request'))
  expect(agent.calls().map(({ operation, status }) => [operation, status])).toEqual([
    ['startLogin', 200],
    ['endLogin', 200],
    ['session', 200],
    ['endLogin', 400],
  ])
})

test('an error of the authorization server is relayed, with 401 for a silent login', async () => {
  const { agent, post } = createPage()
  const { body } = await answer(post('/login/start'))
  const { authorizationRequestUrl: url } = body as { readonly authorizationRequestUrl: string }
  const pageUrl = agent.completeLogin(url, { error: 'login_required' })
  expect(await answer(post('/login/end', { pageUrl }))).toEqual(refusal(401, 'login_required'))
})

test('without a session a page URL finds nobody, and nothing else is answered', async () => {
  const { post, get, endLogin } = createPage()
  expect(await endLogin(`${origin}/`)).toEqual({ isLoggedIn: false, handled: false })
  const unauthorized = refusal(401, 'unauthorized_request')
  expect(await answer(post('/refresh'))).toEqual(unauthorized)
  expect(await answer(post('/logout'))).toEqual(unauthorized)
  expect(await answer(get('/claims'))).toEqual(unauthorized)
  expect(await answer(get('/userInfo'))).toEqual(unauthorized)
})

test('refresh, logout and unsafe API calls want the CSRF token of this very sign-in', async () => {
  const { agent, send, post, endLogin } = createPage({ signedIn: 'alice' })
  const { csrf: old } = await endLogin(`${origin}/`)
  agent.signOut()
  agent.signIn('alice')
  const { csrf } = await endLogin(`${origin}/`)
  for (const token of [undefined, old]) {
    for (const path of ['/refresh', '/logout']) {
      expect(await answer(post(path, undefined, token))).toEqual(
        refusal(401, 'unauthorized_request'),
      )
    }
    expect(await answer(send(orders, 'POST', {}, token))).toEqual(refusal(401, 'unauthorized'))
  }
  expect(await answer(send(orders, 'GET'))).toEqual({ status: 200, body: [] })
  expect(await answer(send(orders, 'POST', {}, csrf))).toEqual({ status: 200, body: [] })
  expect(await answer(post('/refresh', undefined, csrf))).toEqual({ status: 204, body: undefined })
  // It outlives the refresh.
  expect(await answer(post('/logout', undefined, csrf))).toEqual({
    status: 200,
    body: { url: expect.any(String) },
  })
})

test('claims come read as Latin-1, user info as it is, and only with a good access token', async () => {
  const { agent, get } = createPage({ signedIn: 'asa' })
  const garbled = { sub: 'asa-1', name: 'Ã\u0085sa' }
  const userInfo = { sub: 'asa-1', name: 'Åsa' }
  expect(await answer(get('/claims'))).toEqual({ status: 200, body: garbled })
  expect(await answer(get('/userInfo'))).toEqual({ status: 200, body: userInfo })
  agent.expireAccessToken()
  expect(await answer(get('/claims'))).toEqual({ status: 200, body: garbled })
  expect(await answer(get('/userInfo'))).toEqual(refusal(401, 'token_expired'))
  expect(agent.calls()).toEqual([])
})

test('an ended session is refused with session_expired, and its cookies go', async () => {
  const { agent, post, endLogin } = createPage({ signedIn: 'alice' })
  const { csrf } = await endLogin(`${origin}/`)
  agent.expireSession()
  expect(await answer(post('/refresh', undefined, csrf))).toEqual(refusal(401, 'session_expired'))
  expect(await endLogin(`${origin}/`)).toEqual({ isLoggedIn: false, handled: false })
})

test('another origin is refused by agent and proxy, each in its own words', async () => {
  const { agent } = createPage({ signedIn: 'alice' })
  const headers = { origin: 'https://evil.example' }
  expect(await answer(agent.fetch(`${agentUrl}/login/start`, { method: 'POST', headers }))).toEqual(
    refusal(401, 'unauthorized_request'),
  )
  expect(await answer(agent.fetch(orders, { headers }))).toEqual(refusal(401, 'unauthorized'))
})

test.each([
  ['/login/end', {}],
  ['/login/end', { pageUrl: 'orders' }],
  ['/login/start', { extraParams: { acr_values: 'mfa' } }],
  ['/login/start', { extraParams: [{ key: 'nonce', value: 'x' }] }],
])('POST %s with %j is an invalid request', async (path, body) => {
  const { post } = createPage()
  expect(await answer(post(path, body))).toEqual(refusal(400, 'invalid_request'))
})

test('a failure that a test asked for speaks the profile too', async () => {
  const { agent, post } = createPage()
  agent.failNext('session', { status: 500, code: 'server_error' })
  expect(await answer(post('/login/end', { pageUrl: `${origin}/` }))).toEqual(
    refusal(500, 'server_error'),
  )
})

test('a preflight allows the CSRF header', async () => {
  const { agent } = createPage()
  const headers = { origin, 'access-control-request-method': 'POST' }
  const request = new Request(`${agentUrl}/refresh`, { method: 'OPTIONS', headers })
  const response = await agent.handle(request)
  expect(response?.headers.get('access-control-allow-headers')).toBe(`${csrfHeader}, content-type`)
})
