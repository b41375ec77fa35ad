// A client over the mock agent, on a page of its own, for tests of what is rendered.
import { cleanup } from '@testing-library/react'
import { createTokenHandlerClient } from '@token-handler/client'
import type { TokenHandlerClient } from '@token-handler/client'
import { createMockAgent } from '@token-handler/mock-agent'
import type { MockAgent } from '@token-handler/mock-agent'
import { afterEach } from 'vitest'
import * as z from 'zod'

const claims = z.object({ sub: z.string(), name: z.string() })

export type AppClaims = z.infer<typeof claims>

const users = {
  alice: { claims: { sub: 'alice', name: 'Alice' } },
  bob: { claims: { sub: 'bob', name: 'Bob' } },
} as const

declare module '@token-handler/react' {
  interface Register {
    client: TokenHandlerClient<AppClaims>
  }
}

interface TestBed {
  readonly agent: MockAgent<typeof users>
  readonly client: TokenHandlerClient<AppClaims>
}

/** A fresh agent with a fresh client. */
export function createTestBed(signedIn?: 'alice'): TestBed {
  const agent = createMockAgent({
    agentUrl: '/oauth-agent',
    users,
    ...(signedIn && { signedIn }),
  })
  const client = createTokenHandlerClient({
    agentUrl: '/oauth-agent',
    apiUrls: ['/api/'],
    claims,
    // A page that stays where it is.
    platform: { fetch: agent.fetch, navigate: () => {} },
  })
  return { agent, client }
}

afterEach(() => {
  cleanup()
  localStorage.clear()
})
