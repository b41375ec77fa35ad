// A client runs in three worlds: in a page, in a web worker and on a server.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'
import { createBrowserPlatform } from '../../src/platform/browser.ts'
import { createFakeAgent, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { openTabs, refuseUntilRefreshed } from '../support/tabs.ts'

afterEach(() => vi.unstubAllGlobals())

function enterWorker(href: string, origin = 'https://www.example.com'): void {
  vi.stubGlobal('WorkerGlobalScope', EventTarget)
  vi.stubGlobal('location', { href, origin })
}

describe('in a web worker', () => {
  it("relative URLs are relative to the worker's script", () => {
    enterWorker('https://www.example.com/assets/worker.js')
    expect(createBrowserPlatform().baseUrl()).toBe('https://www.example.com/assets/worker.js')
  })

  it('that was made of a Blob they are relative to the origin', () => {
    enterWorker('blob:https://www.example.com/5f0e')
    expect(createBrowserPlatform().baseUrl()).toBe('https://www.example.com/')
  })

  it('there are locks and a channel, but no storage and no page', () => {
    enterWorker('https://www.example.com/worker.js')
    const request = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { locks: { request } })
    vi.stubGlobal('BroadcastChannel', EventTarget)
    const platform = createBrowserPlatform()
    expect(platform.openChannel('name', () => {})).toBeDefined()
    void platform.requestLock('name', {}, () => Promise.resolve())
    expect(request).toHaveBeenCalledOnce()
    expect(platform.localStorage.get('key')).toBeUndefined()
  })

  // No event ever says that it is shown, so what waits for that would never be done.
  it('it counts as visible, all its life', () => {
    enterWorker('https://www.example.com/worker.js')
    expect(createBrowserPlatform().isVisible()).toBe(true)
  })

  it('a sign-out signs out, and leaves for nowhere: there is no page', async () => {
    enterWorker('https://www.example.com/worker.js')
    vi.stubGlobal('navigator', {})
    const { fetch, answer } = createFakeAgent()
    answer('session', signedIn)
    answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
    const options = { agentUrl: 'https://api.example.com/oauth-agent', apiUrls: [] }
    const client = createTokenHandlerClient({ ...options, platform: { fetch } })
    await client.load()
    await client.logout()
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    expect(client.isLeaving()).toBe(false)
    client.dispose()
  })

  it('no sign-in can be started, and the error says so', async () => {
    enterWorker('https://www.example.com/worker.js')
    vi.stubGlobal('navigator', {})
    const { fetch } = createFakeAgent()
    const options = { agentUrl: '/oauth-agent', apiUrls: ['/api'], platform: { fetch } }
    const client = createTokenHandlerClient(options)
    await expect(client.login()).rejects.toMatchObject({ code: 'not_top_level' })
    client.dispose()
  })

  it('a call refreshes once, together with the page', async () => {
    const { agent, first, browser } = await openTabs()
    refuseUntilRefreshed(agent)
    const { platform } = first.openTab().tab
    // As a worker sees the browser.
    const nothing = { get: () => undefined, set: () => {}, remove: () => {} }
    const worker = createTokenHandlerClient({
      agentUrl: 'https://api.example.com/oauth-agent',
      apiUrls: ['https://api.example.com/api'],
      platform: {
        ...platform,
        localStorage: nothing,
        sessionStorage: nothing,
        onStored: () => () => {},
        onPageEvent: () => () => {},
      },
    })
    agent.answer('session', signedIn)
    const loading = worker.load()
    await settle()
    browser.advance(50)
    await loading
    const orders = 'https://api.example.com/api/orders'
    const calls = await Promise.all([first.client.fetch(orders), worker.fetch(orders)])
    expect(calls.map(({ status }) => status)).toEqual([200, 200])
    expect(agent.calls('refresh')).toHaveLength(1)
    // What happens in the worker, the page follows, and the other way round.
    agent.answer('session', { json: { is_logged_in: false } })
    await first.client.logout()
    await settle()
    expect(worker.getSnapshot().status).toBe('unauthenticated')
  })
})

describe('on a server', () => {
  it('nothing is stored, although Node has a localStorage that all users would share', () => {
    const area = { getItem: vi.fn(() => 'of another user'), setItem: vi.fn(), removeItem: vi.fn() }
    vi.stubGlobal('localStorage', area)
    vi.stubGlobal('sessionStorage', area)
    const { localStorage, sessionStorage } = createBrowserPlatform()
    for (const store of [localStorage, sessionStorage]) {
      expect(store.get('key')).toBeUndefined()
      store.set('key', 'value')
      store.remove('key')
    }
    for (const method of Object.values(area)) expect(method).not.toHaveBeenCalled()
  })

  it('there are no locks and no channel, although Node has them', () => {
    const request = vi.fn()
    vi.stubGlobal('navigator', { locks: { request } })
    const platform = createBrowserPlatform()
    expect(platform.requestLock('name', {}, () => Promise.resolve())).toBeUndefined()
    expect(platform.openChannel('name', () => {})).toBeUndefined()
    expect(request).not.toHaveBeenCalled()
  })

  it('a location that is set for the whole process makes no worker of it', () => {
    vi.stubGlobal('location', {
      href: 'https://www.example.com/',
      origin: 'https://www.example.com',
    })
    expect(createBrowserPlatform().baseUrl()).toBe('http://no-page.invalid/')
  })

  it('nothing is visible', () => {
    expect(createBrowserPlatform().isVisible()).toBe(false)
  })

  it('a timer keeps no process alive', () => {
    const unref = vi.fn()
    vi.stubGlobal('setTimeout', () => ({ unref }))
    createBrowserPlatform().setTimer(1_000, () => {})
    expect(unref).toHaveBeenCalledOnce()
  })
})
