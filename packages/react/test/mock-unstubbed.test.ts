// A file of tests that takes back its own stubs keeps the page that departures are noted on.
import { setupMockAgent } from '@token-handler/mock-agent/vitest'
import { afterAll, afterEach, expect, test, vi } from 'vitest'

// Hooks run in the reverse order of their making: this one after the mock's own.
afterAll(() => {
  expect(globalThis).toHaveProperty('ofTest', true)
  vi.unstubAllGlobals()
  expect(Object.getOwnPropertyDescriptor(globalThis, 'location')).toEqual(real)
})

const real = Object.getOwnPropertyDescriptor(globalThis, 'location')
const { agent, page } = setupMockAgent({
  agentUrl: 'https://api.example.com/oauth-agent',
  redirectUri: '/callback',
  users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.stubGlobal('ofTest', true)
})

test.each([1, 2])('a departure is noted in test %i', async () => {
  page.open('/orders')
  const { tokenHandler } = await import('./support/app-client.ts')
  void tokenHandler.login()
  await agent.waitFor('startLogin')
  await expect.poll(() => page.departures).toHaveLength(1)
})
