// The mock is never kinder than the agent: it runs the same conformance cases.
import { createMockAgent } from '@token-handler/mock-agent'
import { conformanceCases, runCase } from '@token-handler/contract/conformance'
import type { Subject } from '@token-handler/contract/conformance'
import { expect, test } from 'vitest'
import { agentUrl, origin, users } from './support/test-agent.ts'

const apiUrl = 'https://api.example.com/api/me'

/** A fresh mock as a subject: one implicit browser, no cookies, no CORS, and an API that echoes nothing. */
function createMockSubject(): Subject {
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

test.for(conformanceCases)('$title', async (conformanceCase, { skip }) => {
  const outcome = await runCase(conformanceCase, createMockSubject())
  if (outcome.status === 'skipped') skip(outcome.reason)
  expect(outcome).toEqual({ status: 'passed' })
})
