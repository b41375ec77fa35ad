// A client over the mock agent, on a page of its own, for tests of what is rendered.
import { cleanup, configure } from '@testing-library/react'
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

/** Where the app is served, when it is not all of its origin. */
interface AppPlace {
  readonly basePath: string
  readonly callbackPath: string
}

interface TestPage {
  readonly client: TokenHandlerClient<AppClaims>
  /** Where the page wanted to leave for, oldest first. It stays where it is. */
  readonly departures: readonly string[]
}

interface TestBed extends TestPage {
  readonly agent: MockAgent<typeof users>
  /** Another page load, with a fresh client. */
  readonly openPage: () => TestPage
  /** Another user has signed in since, in another tab, while this one was hidden: now it is shown again. */
  readonly comeBackAfterAnotherUser: () => void
}

// A machine that is busy with other tests needs longer than a second.
configure({ asyncUtilTimeout: 4_000 })

let beds = 0

/** A fresh agent with a fresh client. */
export function createTestBed(signedIn?: 'alice', place?: AppPlace): TestBed {
  beds += 1
  // Pages of one agent speak with each other, and those of two tests should not.
  const agentUrl = `/oauth-agent-${beds}`
  const agent = createMockAgent({
    agentUrl,
    users,
    ...(signedIn && { signedIn }),
    ...(place && { redirectUri: place.callbackPath }),
  })

  function openPage(): TestPage {
    const departures: string[] = []
    const client = createTokenHandlerClient({
      agentUrl,
      apiUrls: ['/api/'],
      claims,
      ...place,
      platform: { fetch: agent.fetch, navigate: (url) => void departures.push(url) },
    })
    return { client, departures }
  }

  function comeBackAfterAnotherUser(): void {
    const ofUser = `token-handler:${location.origin}${agentUrl}:lastUser:`
    const key = Object.keys(localStorage).find((name) => name.startsWith(ofUser))
    if (key === undefined) throw new Error('Nobody has been signed in.')
    localStorage.setItem(key, 'salt.hash-of-another')
    document.dispatchEvent(new Event('visibilitychange'))
  }
  return { agent, openPage, comeBackAfterAnotherUser, ...openPage() }
}

afterEach(() => {
  cleanup()
  localStorage.clear()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
})
