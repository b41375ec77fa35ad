// A client whose events a test tells.
import type { TokenHandlerEvents, TraceStep } from '@token-handler/client'
import type { RegisteredClaims, RegisteredClient, Session } from '@token-handler/react'
import { createTestClient } from '../../src/testing/test-client.ts'
import '../setup.ts'

type Events = TokenHandlerEvents<RegisteredClaims>

interface TracedClient {
  readonly client: RegisteredClient
  readonly emit: <E extends keyof Events>(event: E, detail: Events[E]) => void
}

/** Creates one; by default Alice is signed in. */
export function createTracedClient(
  session: Session = {
    status: 'authenticated',
    claims: { sub: 'alice', name: 'Alice' },
    accessTokenExpiresAt: Date.now() + 125_000,
    stale: false,
  },
): TracedClient {
  const target = new EventTarget()
  const { client } = createTestClient(session, {
    on(event, listener) {
      const handle = (told: Event): void => {
        if (told instanceof CustomEvent) listener(told.detail)
      }
      target.addEventListener(event, handle)
      return () => target.removeEventListener(event, handle)
    },
  })
  return {
    client,
    emit: (event, detail) => void target.dispatchEvent(new CustomEvent(event, { detail })),
  }
}

/** A step that says little. */
export const visible = (tabId: string, at: number): TraceStep => ({
  kind: 'page',
  event: 'visible',
  tabId,
  at,
})
