// Answers that take their time, and waiting for them without sleeping.
import { expect, test, vi } from 'vitest'
import { call, createTestAgent, startLogin } from './support/test-agent.ts'

test('a delayed answer comes when the time has passed, by the mock’s own clock', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const answered = vi.fn()
  agent.delay('session', 5000)
  const slow = call(agent.fetch, 'session').then(answered)
  await call(agent.fetch, 'session')
  agent.advance(4999)
  await call(agent.fetch, 'session')
  expect(answered).not.toHaveBeenCalled()
  agent.advance(1)
  await slow
  expect(agent.calls('session').map(({ status }) => status)).toEqual([200, 200, 200])
})

test('a delayed answer comes with fake timers too', async () => {
  vi.useFakeTimers()
  try {
    const { agent } = createTestAgent()
    agent.delay('session', 60_000, { times: 2 })
    const slow = [call(agent.fetch, 'session'), call(agent.fetch, 'session')]
    await vi.advanceTimersByTimeAsync(60_000)
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200])
  } finally {
    vi.useRealTimers()
  }
})

test('a call that hangs has arrived, is logged without a status, and is answered when released', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const held = agent.hang('logout')
  const leaving = call(agent.fetch, 'logout')
  await held.arrived
  expect(agent.calls('logout')).toEqual([{ operation: 'logout', parameters: {} }])
  // Cookies change when the answer reaches the browser.
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({ is_logged_in: true })
  held.release()
  expect((await leaving).status).toBe(200)
  expect(await (await call(agent.fetch, 'session')).json()).toEqual({ is_logged_in: false })
})

test('a failure may be slow as well', async () => {
  const { agent } = createTestAgent()
  agent.failNext('session', { status: 502 })
  const held = agent.hang('session')
  const failing = call(agent.fetch, 'session')
  await held.arrived
  held.release()
  expect((await failing).status).toBe(502)
})

test('a test can wait for a call that the app has yet to make', async () => {
  const { agent } = createTestAgent()
  const second = agent.waitFor('session', 2)
  await call(agent.fetch, 'session')
  agent.failNext('session', 'network-error')
  await expect(call(agent.fetch, 'session')).rejects.toThrow(TypeError)
  expect(await second).toEqual({ operation: 'session', parameters: {}, status: 0 })
  expect(await agent.waitFor('session')).toMatchObject({ status: 200 })
})

test('time makes access tokens and logins grow old', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.advance(100_000)
  expect(await (await call(agent.fetch, 'session')).json()).toMatchObject({
    access_token_expires_in: 200,
  })
  const url = await startLogin(agent.fetch)
  const callback = new URL(agent.completeLogin(url, { user: 'bob' })).searchParams
  agent.advance(600_001)
  const late = await call(agent.fetch, 'endLogin', Object.fromEntries(callback))
  expect(late.status).toBe(400)
})

test('reset keeps nobody waiting, and `using` resets at the end of the block', async () => {
  const waiting: Promise<Response>[] = []
  {
    using agent = createTestAgent().agent
    agent.delay('session', 3_600_000)
    agent.hang('session')
    waiting.push(call(agent.fetch, 'session'), call(agent.fetch, 'session'))
    await Promise.resolve()
  }
  for (const answer of waiting) expect((await answer).status).toBe(200)
})

test('requests that nobody expected are named', async () => {
  const { agent } = createTestAgent()
  expect(agent.expectNoUnexpectedCalls).not.toThrow()
  await agent.fetch('https://api.example.com/oauth-agent/claims')
  await expect(agent.fetch('https://api.example.com/api/orders')).rejects.toThrow('does not know')
  expect(agent.expectNoUnexpectedCalls).toThrow(
    'GET https://api.example.com/oauth-agent/claims, GET https://api.example.com/api/orders',
  )
  agent.reset()
  expect(agent.expectNoUnexpectedCalls).not.toThrow()
})
