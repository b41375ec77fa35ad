// What a test can make happen: failures, the call log, reset, the fetch adapter's edges.
import { createMockAgent } from '@token-handler/mock-agent'
import { expect, test } from 'vitest'
import { call, callApi, createTestAgent, users } from './support/test-agent.ts'

test('a failure replaces one answer of its operation and leaves the session alone', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.failNext('refresh', { status: 503, code: 'temporarily_unavailable' })
  expect((await call(agent.fetch, 'session')).status).toBe(200)
  const failed = await call(agent.fetch, 'refresh')
  expect(failed.status).toBe(503)
  expect(failed.headers.get('retry-after')).toBe('1')
  expect(await failed.json()).toMatchObject({ error_code: 'temporarily_unavailable' })
  expect((await call(agent.fetch, 'refresh')).status).toBe(200)
})

test('failures of an operation queue up in order', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.failNext('refresh', { status: 500, code: 'server_error' }, { times: 2 })
  agent.failNext('refresh', { status: 429, code: 'too_many_requests' })
  const statuses = []
  for (let i = 0; i < 4; i += 1) statuses.push((await call(agent.fetch, 'refresh')).status)
  expect(statuses).toEqual([500, 500, 429, 200])
})

test('a failure without a code is a gateway that speaks no JSON', async () => {
  const { agent } = createTestAgent()
  agent.failNext('session', { status: 502 })
  const response = await call(agent.fetch, 'session')
  expect(response.status).toBe(502)
  expect(response.headers.get('content-type')).toBe('text/html')
})

test('a malformed answer is no JSON', async () => {
  const { agent } = createTestAgent()
  agent.failNext('session', 'malformed')
  await expect((await call(agent.fetch, 'session')).json()).rejects.toThrow(SyntaxError)
})

test('a network error rejects as fetch does, and is logged with status 0', async () => {
  const { agent } = createTestAgent()
  agent.failNext('session', 'network-error')
  await expect(call(agent.fetch, 'session')).rejects.toThrow(TypeError)
  expect(agent.calls('session')).toEqual([{ operation: 'session', parameters: {}, status: 0 }])
})

test('every call of the agent is logged, refused ones too', async () => {
  const { agent } = createTestAgent()
  await call(agent.fetch, 'startLogin', { prompt: 'login' })
  await agent.fetch('https://api.example.com/oauth-agent/refresh', { method: 'POST' })
  expect(agent.calls()).toEqual([
    { operation: 'startLogin', parameters: { prompt: 'login' }, status: 200 },
    { operation: 'refresh', parameters: {}, status: 403 },
  ])
  expect(agent.calls('refresh')).toHaveLength(1)
})

test('reset forgets session, calls, failures and pending logins, and keeps the APIs', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.protect('https://api.example.com/api/me', ({ user }) => new Response(user))
  agent.signIn('bob')
  agent.failNext('session', { status: 500 })
  const started = await call(agent.fetch, 'startLogin')
  const { authorization_url: url } = (await started.json()) as { authorization_url: string }
  agent.reset()
  expect(agent.calls()).toEqual([])
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({
    id_token_claims: { sub: 'alice-1' },
  })
  expect(() => agent.completeLogin(url, { user: 'alice' })).toThrow(/No login is pending/)
  const api = await callApi(agent.fetch, 'https://api.example.com/api/me')
  expect(await api.text()).toBe('alice')
})

test('two mocks do not disturb each other', async () => {
  const one = createTestAgent()
  const other = createTestAgent()
  one.agent.signIn('alice')
  one.agent.failNext('session', { status: 500 })
  expect(await (await call(other.agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
  expect(one.agent.calls()).toEqual([])
})

test('signing out in another tab ends the session without a call', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.signOut()
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
})

test('a URL that the mock does not know rejects and says what it knows', async () => {
  const { agent } = createTestAgent()
  await expect(agent.fetch('https://api.example.com/oauth-agents/session')).rejects.toThrow(
    /does not know GET .*protect\(url, resolver\)/,
  )
  expect(await agent.handle(new Request('https://elsewhere.example/'))).toBeUndefined()
})

test('relative URLs belong to the page, and same-origin calls need no credentials option', async () => {
  const agent = createMockAgent({ agentUrl: '/oauth-agent', users, signedIn: 'bob' })
  agent.protect('/api/me', ({ user }) => new Response(user))
  const response = await agent.fetch('/api/me', { headers: { 'token-handler-version': '1' } })
  expect(await response.text()).toBe('bob')
})

test('an aborted call rejects with the reason, before and while it runs', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const controller = new AbortController()
  agent.protect('https://api.example.com/api/slow', () => {
    controller.abort(new Error('enough'))
    return new Promise<Response>(() => {})
  })
  const slow = (signal: AbortSignal): Promise<Response> =>
    callApi(
      (url, init) => agent.fetch(url, { ...init, signal }),
      'https://api.example.com/api/slow',
    )
  await expect(slow(controller.signal)).rejects.toThrow('enough')
  await expect(slow(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
})
