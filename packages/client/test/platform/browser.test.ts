// @vitest-environment jsdom
// The browser platform in a (simulated) browser.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBrowserPlatform } from '../../src/platform/browser.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  localStorage.clear()
})

/** A `navigate` event of a Navigation API, and the controller of its signal. */
function createNavigate(url: string) {
  const controller = new AbortController()
  const event = Object.assign(new Event('navigate'), {
    destination: { url },
    signal: controller.signal,
  })
  return { event, abort: () => controller.abort() }
}

describe('a page that leaves, in a browser that says which navigations were aborted', () => {
  const AUTHORIZE = 'https://login.example.net/authorize'

  function leave() {
    const navigation = new EventTarget()
    vi.stubGlobal('navigation', navigation)
    const { event, abort } = createNavigate(AUTHORIZE)
    vi.stubGlobal('location', { assign: () => navigation.dispatchEvent(event) })
    const onStopped = vi.fn()
    createBrowserPlatform().navigate(AUTHORIZE, { isReplacing: false, onStopped })
    const changeEntry = (navigationType: string) =>
      navigation.dispatchEvent(Object.assign(new Event('currententrychange'), { navigationType }))
    const passTask = () => new Promise((resolve) => setTimeout(resolve))
    return { onStopped, abort, changeEntry, passTask }
  }

  it('stays when the user stops it', async () => {
    const { onStopped, abort, passTask } = leave()
    abort()
    await passTask()
    expect(onStopped).toHaveBeenCalledOnce()
  })

  it.each(['replace', 'push'])(
    'leaves all the same when an entry of its own history comes in between: %s',
    async (navigationType) => {
      const { onStopped, abort, changeEntry, passTask } = leave()
      abort()
      changeEntry(navigationType)
      await passTask()
      await passTask()
      expect(onStopped).not.toHaveBeenCalled()
    },
  )

  it('stays when the user goes back to such an entry', async () => {
    const { onStopped, abort, changeEntry, passTask } = leave()
    abort()
    changeEntry('traverse')
    await passTask()
    expect(onStopped).toHaveBeenCalledOnce()
  })
})

describe('the browser platform', () => {
  it('keeps strings in storage', () => {
    const { localStorage: store } = createBrowserPlatform()
    expect(store.get('key')).toBeUndefined()
    store.set('key', 'value')
    expect(localStorage.getItem('key')).toBe('value')
    expect(store.get('key')).toBe('value')
    store.remove('key')
    expect(store.get('key')).toBeUndefined()
  })

  it('survives storage that is blocked', () => {
    vi.spyOn(globalThis, 'sessionStorage', 'get').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError')
    })
    const { sessionStorage: store } = createBrowserPlatform()
    store.set('key', 'value')
    store.remove('key')
    expect(store.get('key')).toBeUndefined()
  })

  it('survives storage that is full', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    createBrowserPlatform().localStorage.set('key', 'value')
    expect(localStorage).toHaveLength(0)
  })

  it('changes the address bar, and keeps the history entry and its state', () => {
    history.replaceState({ routerKey: 7 }, '', '/?code=c')
    const entries = history.length
    const platform = createBrowserPlatform()
    platform.replaceUrl('/clean')
    expect(new URL(platform.pageUrl()).pathname).toBe('/clean')
    expect(history.state).toEqual({ routerKey: 7 })
    expect(history.length).toBe(entries)
  })

  it('resolves relative URLs as fetch does: against a base element, if there is one', () => {
    const base = document.createElement('base')
    base.href = 'https://cdn.example.net/app/'
    document.head.append(base)
    const { baseUrl } = createBrowserPlatform()
    expect(baseUrl()).toBe('https://cdn.example.net/app/')
    base.remove()
    expect(baseUrl()).toBe(location.href)
  })

  it('uses the fetch of the moment, so that mocks installed later count', async () => {
    const platform = createBrowserPlatform()
    const mock = vi.fn(() => Promise.resolve(Response.json(1)))
    vi.stubGlobal('fetch', mock)
    await platform.fetch('/x', { method: 'POST' })
    expect(mock).toHaveBeenCalledWith('/x', { method: 'POST' })
  })

  it('tells of the page being shown, left, restored, and of the network', () => {
    const listener = vi.fn()
    createBrowserPlatform().onPageEvent(listener)
    const show = (persisted: boolean) => {
      dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
    }
    show(false)
    expect(listener).not.toHaveBeenCalled()
    dispatchEvent(new Event('pagehide'))
    show(true)
    document.dispatchEvent(new Event('visibilitychange'))
    dispatchEvent(new Event('online'))
    expect(listener.mock.calls).toEqual([['left'], ['restored'], ['visible'], ['online']])
  })

  it('tells of one key of localStorage, when another tab has written it', () => {
    const listener = vi.fn()
    createBrowserPlatform().onStored('ours', listener)
    dispatchEvent(new StorageEvent('storage', { key: 'theirs' }))
    expect(listener).not.toHaveBeenCalled()
    dispatchEvent(new StorageEvent('storage', { key: 'ours' }))
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('tells of what another copy of the SDK on this page has written, soon, and not of its own', async () => {
    const [one, two] = [createBrowserPlatform(), createBrowserPlatform()]
    const heard: string[] = []
    one.onStored('ours', () => heard.push('one'))
    two.onStored('ours', () => heard.push(`two reads ${two.localStorage.get('ours')}`))
    one.localStorage.set('ours', 'news')
    one.localStorage.set('theirs', 'news')
    expect(heard).toEqual([])
    await Promise.resolve()
    expect(heard).toEqual(['two reads news'])
  })

  it('takes messages of its own origin only', () => {
    const channel = new EventTarget()
    vi.stubGlobal('BroadcastChannel', function create() {
      return channel
    })
    const listener = vi.fn()
    createBrowserPlatform().openChannel('name', listener)
    for (const origin of ['', location.origin]) {
      channel.dispatchEvent(new MessageEvent('message', { origin, data: origin }))
    }
    expect(listener.mock.calls).toEqual([[location.origin]])
  })

  it('takes no message any more when its page has been torn down, as after a test in a DOM', () => {
    const channel = new EventTarget()
    vi.stubGlobal('BroadcastChannel', function create() {
      return channel
    })
    const listener = vi.fn()
    createBrowserPlatform().openChannel('name', listener)
    const message = new MessageEvent('message', { origin: location.origin })
    const faults: unknown[] = []
    window.addEventListener('error', ({ error }) => faults.push(error))
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('location', undefined)
    channel.dispatchEvent(message)
    expect(listener).not.toHaveBeenCalled()
    expect(faults).toEqual([])
  })

  it('has no channel and no locks where the browser has none', () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    vi.stubGlobal('navigator', {})
    const platform = createBrowserPlatform()
    expect(platform.openChannel('name', () => {})).toBeUndefined()
    expect(platform.requestLock('name', {}, () => Promise.resolve())).toBeUndefined()
  })
})
