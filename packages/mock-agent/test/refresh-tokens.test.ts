// Refresh tokens that rotate, as real authorization servers have them, and the agent's care with them.
import { expect, test } from 'vitest'
import { call, createTestAgent } from './support/test-agent.ts'

type Options = Parameters<typeof createTestAgent>[0]

/** Sends a refresh whose answer is lost, and after so many milliseconds another one with the same cookie. */
async function refreshTwice(options: Options, after = 0) {
  const { agent, clock } = createTestAgent({ signedIn: 'alice', ...options })
  agent.failNext('refresh', 'answer-lost')
  await expect(call(agent.fetch, 'refresh')).rejects.toThrow(TypeError)
  clock.now += after
  const again = await call(agent.fetch, 'refresh')
  const next = await call(agent.fetch, 'refresh')
  return { again: again.status, next: next.status }
}

test('after a lost answer the agent gives the same result again, and the session lives on', async () => {
  expect(await refreshTwice({})).toEqual({ again: 200, next: 200 })
  expect(await refreshTwice({}, 19_999)).toEqual({ again: 200, next: 200 })
})

test('a refresh token that comes again later is taken for stolen, and the session ends', async () => {
  expect(await refreshTwice({}, 20_000)).toEqual({ again: 401, next: 401 })
})

test('without kept results a second use ends the session at once', async () => {
  expect(await refreshTwice({ refreshResultsKeptFor: 0 })).toEqual({ again: 401, next: 401 })
})

test('within the grace window the authorization server takes a used refresh token', async () => {
  const options = { refreshResultsKeptFor: 0, refreshTokenGraceFor: 10 }
  expect(await refreshTwice(options, 9999)).toEqual({ again: 200, next: 200 })
  expect(await refreshTwice(options, 10_000)).toEqual({ again: 401, next: 401 })
})

test('a refresh token that does not rotate can be used again', async () => {
  const options = { refreshResultsKeptFor: 0, refreshTokens: 'reusable' } as const
  expect(await refreshTwice(options, 60_000)).toEqual({ again: 200, next: 200 })
})

test('two refreshes under way at once get the same session', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const slow = agent.hang('refresh')
  const one = call(agent.fetch, 'refresh')
  await slow.arrived
  expect((await call(agent.fetch, 'refresh')).status).toBe(200)
  slow.release()
  expect((await one).status).toBe(200)
  expect((await call(agent.fetch, 'refresh')).status).toBe(200)
})

test('a refresh that is answered after a logout brings back cookies, but no session', async () => {
  const { agent } = createTestAgent({ signedIn: 'alice' })
  const slow = agent.hang('refresh')
  const late = call(agent.fetch, 'refresh')
  await slow.arrived
  await call(agent.fetch, 'logout')
  slow.release()
  await late
  expect((await call(agent.fetch, 'refresh')).status).toBe(401)
})
