// Adapter for msw: a mock agent as request handlers.
import { http } from 'msw'
import type { RequestHandler } from 'msw'
import type { MockAgent } from './mock-agent.ts'

/**
 * Makes a mock agent answer through msw (2.11 or later, or 3), in Node and in the browser. Requests that
 * are not for the agent or a protected resource fall through to the other handlers.
 *
 * In Node msw cannot tell whether a request was sent with `credentials: 'include'`, so here every request
 * counts as sent with cookies. The mock's own `fetch` is stricter.
 *
 * @param agent - made by `createMockAgent`; `protect` works after the handlers are in place, too
 *
 * @example
 * ```ts
 * const server = setupServer(...mswHandlers(agent))
 * beforeAll(() => server.listen())
 * afterEach(() => agent.reset())
 * afterAll(() => server.close())
 * ```
 */
export function mswHandlers(agent: Pick<MockAgent<never>, 'handles' | 'handle'>): RequestHandler[] {
  return [
    http.all(
      ({ request }) => agent.handles(request),
      ({ request }) => agent.handle(new Request(request, { credentials: 'include' })),
    ),
  ]
}
