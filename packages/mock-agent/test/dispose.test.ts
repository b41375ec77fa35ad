// The end of a mock, and what a reset takes out of a page.
import { afterEach, expect, test, vi } from 'vitest'
import { agentUrl, call, createTestAgent } from './support/test-agent.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a mock that was disposed has no timer and no call that waits, and answers nothing', async () => {
  vi.useFakeTimers()
  const { agent } = createTestAgent({ signedIn: 'alice' })
  agent.delay('session', 60_000)
  agent.hang('refresh')
  const [delayed, hung] = [call(agent.fetch, 'session'), call(agent.fetch, 'refresh')]
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
  agent.dispose()
  expect(vi.getTimerCount()).toBe(0)
  expect((await delayed).status).toBe(200)
  expect((await hung).status).toBe(200)
  expect(agent.handles(new Request(`${agentUrl}/session`))).toBe(false)
  await expect(call(agent.fetch, 'session')).rejects.toThrow('does not know')
})

test('`using` ends a mock', () => {
  const { agent } = createTestAgent()
  {
    using _ended = agent
  }
  expect(agent.handles(new Request(`${agentUrl}/session`))).toBe(false)
})

/** A storage with items, as pages have it. */
function createStorage(...names: readonly string[]) {
  const items = new Map(names.map((name) => [name, 'value']))
  return {
    items,
    get length() {
      return items.size
    },
    key: (index: number) => [...items.keys()][index] ?? null,
    removeItem: (key: string) => void items.delete(key),
  }
}

/** What silent sign-ins keep, whichever the agent is. */
const ofTab = ['token-handler:silentLogin']

test.each([
  ['virtual', ['mine', 'token-handler:https://other.example:isLoggedIn']],
  [
    'real',
    [
      `token-handler:${agentUrl}:isLoggedIn`,
      'mine',
      'token-handler:https://other.example:isLoggedIn',
    ],
  ],
] as const)(
  'with %s cookies a reset takes what is remembered of this agent out of the page',
  (cookies, kept) => {
    const names = [
      ...(cookies === 'virtual' ? ofTab : []),
      `token-handler:${agentUrl}:isLoggedIn`,
      'mine',
      'token-handler:https://other.example:isLoggedIn',
    ]
    const storages = [createStorage(...names), createStorage(...names)]
    vi.stubGlobal('document', {})
    vi.stubGlobal('localStorage', storages[0])
    vi.stubGlobal('sessionStorage', storages[1])
    createTestAgent({ cookies }).agent.reset()
    for (const { items } of storages) expect([...items.keys()]).toEqual(kept)
  },
)

test.each([
  ['a user who signs in', () => createTestAgent().agent.signIn('alice')],
  ['a mock that begins signed in', () => createTestAgent({ signedIn: 'alice' })],
])('%s makes the next page ask, although the last one found nobody', (_what, signIn) => {
  const flag = `token-handler:${agentUrl}:isLoggedIn`
  const storage = createStorage(flag, 'mine', `token-handler:${agentUrl}:lastUser:/`)
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', storage)
  vi.stubGlobal('sessionStorage', createStorage())
  signIn()
  expect([...storage.items.keys()]).toEqual(['mine', `token-handler:${agentUrl}:lastUser:/`])
})
