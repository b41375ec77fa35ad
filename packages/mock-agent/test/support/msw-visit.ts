// A visit through msw in Node with the global fetch, the same for every major of msw.
import { mswHandlers } from '@token-handler/mock-agent/msw'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { call, callApi, createTestAgent, endLogin, startLogin } from './test-agent.ts'

interface MockServer {
  readonly close: () => void
}

/** Registers the tests; `listen` starts a server with the mock's handlers and one for other.example. */
export function testVisit(listen: (handlers: ReturnType<typeof mswHandlers>) => MockServer): void {
  const { agent } = createTestAgent()
  agent.protect('https://api.example.com/api/me', ({ user }) => Response.json({ user }))
  let server: MockServer
  beforeAll(() => {
    server = listen(mswHandlers(agent))
  })
  afterEach(() => agent.reset())
  afterAll(() => server.close())

  test('a whole visit goes through msw: sign-in, API, expiry, refresh, sign-out', async () => {
    const callbackUrl = agent.completeLogin(await startLogin(fetch), { user: 'alice' })
    expect((await endLogin(fetch, callbackUrl)).status).toBe(200)
    const me = 'https://api.example.com/api/me'
    expect(await (await callApi(fetch, me)).json()).toEqual({ user: 'alice' })
    agent.expireAccessToken()
    expect((await callApi(fetch, me)).status).toBe(401)
    expect((await call(fetch, 'refresh')).status).toBe(200)
    expect((await callApi(fetch, me)).status).toBe(200)
    expect((await call(fetch, 'logout')).status).toBe(200)
    expect((await callApi(fetch, me)).status).toBe(401)
  })

  test('a network error of the agent rejects the fetch', async () => {
    agent.failNext('session', 'network-error')
    await expect(call(fetch, 'session')).rejects.toThrow(TypeError)
  })

  test('other requests fall through to the other handlers', async () => {
    expect(await (await fetch('https://other.example/')).text()).toBe('other')
  })

  test('an API protected after the server has started is answered too', async () => {
    agent.protect('https://api.example.com/api/late', () => new Response('late'))
    agent.signIn('bob')
    const response = await callApi(fetch, 'https://api.example.com/api/late')
    expect(await response.text()).toBe('late')
  })
}
