// The mock as a subject of the conformance suite.
import type { Subject } from '@token-handler/contract/conformance'
import { createMockAgent } from '@token-handler/mock-agent'
import { agentUrl, origin, users } from './test-agent.ts'

const apiUrl = 'https://api.example.com/api/me'

/** A fresh mock: one implicit browser, no cookies, no CORS, and an API that echoes nothing. */
export function createMockSubject(): Subject {
  const agent = createMockAgent({ agentUrl, origin, users })
  agent.protect(apiUrl, ({ claims }) => Response.json(claims))
  return {
    name: 'the mock agent',
    agentUrl,
    apiUrl,
    origin,
    capabilities: new Set(['proxy', 'expire-access-token', 'end-session']),
    send: async (request) =>
      (await agent.handle(request)) ?? Promise.reject(new Error(`not handled: ${request.url}`)),
    authenticate: async (authorizationUrl, { user = 'first', error } = {}) =>
      agent.completeLogin(
        authorizationUrl,
        error === undefined ? { user: user === 'first' ? 'alice' : 'bob' } : { error },
      ),
    expireAccessToken: async () => agent.expireAccessToken(),
    endSession: async () => agent.expireSession(),
  }
}
