// The entry `./vitest`: a mock agent with all that the tests of one file need around it, in one call.
import { setupServer } from 'msw/node'
import type { SetupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { createMockAgent } from './create-mock-agent.ts'
import type { MockAgent } from './mock-agent.ts'
import { mswHandlers } from './msw.ts'
import type { MockAgentOptions } from './options.ts'
import type { MockUsers } from './users.ts'
import { createTestPage } from './vitest/test-page.ts'
import type { TestPage } from './vitest/test-page.ts'

export type { TestPage } from './vitest/test-page.ts'

/** What {@link setupMockAgent} has set up. */
export interface MockAgentSetup<U extends MockUsers> {
  /** Steers what happens, and knows what the app has asked for. */
  readonly agent: MockAgent<U>
  /** The page of the test, in jsdom and happy-dom. */
  readonly page: TestPage
  /** msw's server, for handlers of the test's own: `server.use(…)`. */
  readonly server: SetupServer
}

/**
 * Sets up the tests of a file, for Vitest in jsdom or happy-dom: a mock agent that answers every request through
 * msw, and a page that notes where the app wants to leave for. After each test the mock is reset, the page is a
 * fresh one, and modules are evaluated anew when they are imported the next time, so that a client which a module
 * of the app makes is a fresh one too. Call it at the top of a module that the tests import.
 *
 * @param options - as for `createMockAgent`; give it `redirectUri` with the client's `callbackPath`
 * @see {@link https://vitest.dev/api/vi.html#vi-resetmodules vi.resetModules}, for which modules these are
 *
 * @example
 * import { setupMockAgent } from '@token-handler/mock-agent/vitest'
 *
 * export const { agent, page } = setupMockAgent({
 *   agentUrl: 'https://api.example.com/oauth-agent',
 *   redirectUri: '/callback',
 *   users: { alice: { claims: { sub: 'alice', name: 'Alice' } } },
 * })
 * agent.protect('https://api.example.com/api/orders', ({ claims }) =>
 *   Response.json([`Beans for ${claims.name}`]),
 * )
 */
export function setupMockAgent<const U extends MockUsers>(
  options: MockAgentOptions<U>,
): MockAgentSetup<U> {
  const agent = createMockAgent(options)
  const server = setupServer(...mswHandlers(agent))
  const { page, install, uninstall } = createTestPage()

  beforeAll(() => {
    install()
    server.listen()
  })
  afterEach(() => {
    server.resetHandlers()
    page.open('/')
    localStorage.clear()
    sessionStorage.clear()
    agent.reset()
  })
  afterAll(() => {
    server.close()
    uninstall()
    agent.dispose()
    vi.resetModules()
  })
  return { agent, page, server }
}
