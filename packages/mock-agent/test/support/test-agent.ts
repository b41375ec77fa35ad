// A mock agent with two users and a clock at hand, and calls as an SPA makes them.
import { tokenHandler1 } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import { createMockAgent } from '@token-handler/mock-agent'
import type { MockAgentOptions } from '@token-handler/mock-agent'

export const agentUrl = 'https://api.example.com/oauth-agent'
export const origin = 'https://www.example.com'
export const users = {
  alice: { claims: { sub: 'alice-1', name: 'Alice' } },
  bob: { claims: { sub: 'bob-1', name: 'Bob' } },
} as const

type TestOptions = Partial<Omit<MockAgentOptions<typeof users>, 'users'>>

/** A fresh mock whose clock stands still until the test moves it. */
export function createTestAgent(options: TestOptions = {}) {
  const clock = { now: 1_000_000 }
  const agent = createMockAgent({ agentUrl, origin, users, now: () => clock.now, ...options })
  return { agent, clock }
}

type Send = (url: string, init: RequestInit) => Promise<Response>

/** Calls an operation as the SPA's client does. */
export function call(
  send: Send,
  operation: Operation,
  parameters: Record<string, string> = {},
): Promise<Response> {
  const { method, path, headers, body } = tokenHandler1.encodeRequest(operation, {
    parameters: new URLSearchParams(parameters),
  })
  const init = { method, headers, credentials: 'include' } as const
  return send(agentUrl + path, body === undefined ? init : { ...init, body })
}

/** Calls an API as the SPA's client does. */
export const callApi = (send: Send, url: string): Promise<Response> =>
  send(url, { headers: tokenHandler1.headers, credentials: 'include' })

/** Starts a login and hands back the authorization URL. */
export async function startLogin(send: Send, parameters?: Record<string, string>): Promise<string> {
  const response = await call(send, 'startLogin', parameters)
  const { authorization_url: url } = (await response.json()) as { authorization_url: string }
  return url
}

/** Ends a login from a callback URL. */
export const endLogin = (send: Send, callbackUrl: string): Promise<Response> =>
  call(send, 'endLogin', Object.fromEntries(new URL(callbackUrl).searchParams))
