// @vitest-environment jsdom
// What a browser refuses counts as absent: where the user blocks cookies, in frames of an opaque origin, and under load.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'
import { createBrowserPlatform } from '../../src/platform/browser.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { AGENT_URL, API_URL, createFakeAgent, ORDERS, signedIn } from '../support/fake-agent.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'

const denied = () => new DOMException('The operation is insecure.', 'SecurityError')
const refuse = (): never => {
  throw denied()
}

const unhandled: unknown[] = []
const listener = (reason: unknown) => void unhandled.push(reason)

beforeEach(() => void process.on('unhandledRejection', listener))

afterEach(() => {
  process.off('unhandledRejection', listener)
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  expect(unhandled.splice(0)).toEqual([])
})

/** As Firefox is with cookies blocked. */
function blockCookies(locks: Partial<LockManager>): void {
  for (const area of ['localStorage', 'sessionStorage'] as const) {
    vi.spyOn(globalThis, area, 'get').mockImplementation(refuse)
  }
  vi.stubGlobal('BroadcastChannel', function create() {
    return refuse()
  })
  vi.stubGlobal('navigator', { locks })
}

describe.each([
  ['by errors', { request: refuse, query: refuse }],
  [
    'by rejections',
    { request: () => Promise.reject(denied()), query: () => Promise.reject(denied()) },
  ],
])('a browser that refuses storage, channels and locks, %s', (_, locks) => {
  it('makes a client all the same, whose visitor is signed out', async () => {
    blockCookies(locks)
    const { fetch } = createFakeAgent()
    const platform = { fetch }
    const client = createTokenHandlerClient({ agentUrl: AGENT_URL, apiUrls: [API_URL], platform })
    await client.load()
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'none' })
  })

  it('lets a tab work alone: session, refresh, a return to the page, sign-out', async () => {
    blockCookies(locks)
    const agent = createFakeAgent()
    agent.answer('session', signedIn)
    let now = 0
    const platform = { fetch: agent.fetch, now: () => now, random: () => 0 }
    const client = createTokenHandlerClient({ agentUrl: AGENT_URL, apiUrls: [API_URL], platform })
    await client.load()
    expect((await client.fetch(ORDERS)).status).toBe(200)
    await client.refresh()
    now = 60_000
    document.dispatchEvent(new Event('visibilitychange'))
    await settle()
    expect(agent.calls('session').length).toBeGreaterThan(1)
    await client.logout()
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    client.dispose()
  })
})

describe('the platform', () => {
  it.each<[string, Partial<Platform>]>([
    ['channels', { openChannel: refuse }],
    ['messages', { openChannel: () => ({ post: refuse, close: refuse }) }],
    ['locks', { requestLock: () => Promise.reject(denied()), heldLocks: refuse }],
    ['history', { replaceUrl: refuse }],
    [
      'storage',
      {
        localStorage: { get: refuse, set: refuse, remove: refuse },
        sessionStorage: { get: refuse, set: refuse, remove: refuse },
      },
    ],
  ])('that an app brings may refuse %s, too', async (_, own) => {
    const agent = createFakeAgent()
    const tab = createFakeTab(agent.fetch, 'https://www.example.com/?code=c&state=s1')
    const platform = { ...tab.platform, ...own }
    const options = { agentUrl: AGENT_URL, apiUrls: [API_URL], platform }
    const client = createTokenHandlerClient({ ...options, callbackPath: '/' })
    await client.load()
    expect(client.getSnapshot().status).toBe('authenticated')
    await client.refresh()
    await client.logout()
    client.dispose()
  })

  it('tells a refused lock from one that is held, and from one that was given up', async () => {
    const task = vi.fn(async (lock: unknown) => lock)
    function requestLock(error: unknown) {
      const refuseLater = async (): Promise<never> => {
        throw error
      }
      return createBrowserPlatform({ requestLock: refuseLater }).requestLock
    }
    await expect(requestLock(denied())('name', {}, task)).resolves.toBeUndefined()
    const aborted = new DOMException('', 'AbortError')
    await expect(requestLock(aborted)('name', {}, task)).rejects.toBe(aborted)
    const { signal } = new AbortController()
    await expect(requestLock(denied())('name', { signal }, task)).resolves.toBeUndefined()
    await expect(
      requestLock(denied())('name', { signal: AbortSignal.abort() }, task),
    ).rejects.toMatchObject({ name: 'SecurityError' })
    expect(task).toHaveBeenCalledTimes(2)
  })

  it('runs a task once, also when it fails', async () => {
    const fault = new Error('of the task')
    const task = vi.fn(() => Promise.reject(fault))
    const { requestLock } = createBrowserPlatform({
      requestLock: (_name, _options, run) => run({}),
    })
    await expect(requestLock('name', {}, task)).rejects.toBe(fault)
    expect(task).toHaveBeenCalledTimes(1)
  })
})

describe('what stands in the place of an early answer', () => {
  it.each([
    ['an element that a page was made to have', () => document.createElement('a')],
    ['an answer of another shape', () => ({ at: Date.now(), notice: '{}', answer: 'x' })],
    ['an answer that cannot be taken away', () => Object.freeze({})],
  ])('is no answer when it is %s', async (_, create) => {
    vi.stubGlobal('tokenHandlerEarly', Object.freeze({ [AGENT_URL]: create() }))
    const agent = createFakeAgent()
    agent.answer('session', signedIn)
    const client = createTokenHandlerClient({
      agentUrl: AGENT_URL,
      apiUrls: [API_URL],
      platform: { fetch: agent.fetch },
    })
    await client.load()
    expect(client.getSnapshot()).toMatchObject({ status: 'authenticated' })
    expect(agent.calls('session')).toHaveLength(1)
  })
})
