// The end of a client: nothing of it stays behind.
import { describe, expect, it, vi } from 'vitest'
import type { TraceStep } from '../src/index.ts'
import { ORDERS, signedIn, signedOut } from './support/fake-agent.ts'
import { createFakeBrowser } from './support/fake-browser.ts'
import { createGate, settle } from './support/gate.ts'
import { HOME, openPage } from './support/page.ts'
import type { Page } from './support/page.ts'
import { openTabs } from './support/tabs.ts'

const disposed = { code: 'client_disposed', retryable: false }
const ending = { json: { ...signedIn.json, session_expires_in: 3_600 } }

/** Everything a page can have open. */
async function openBusyPage(): Promise<Page> {
  const page = openPage({ keepAlive: 'always' }, HOME, createFakeBrowser())
  page.agent.answer('session', ending)
  const loading = page.client.load()
  await settle()
  page.tab.advance(50)
  await loading
  return page
}

describe('a client that was disposed', () => {
  it('has no timer, no listener and no channel any more', async () => {
    const { client, tab } = await openBusyPage()
    expect(tab.browser.timerCount()).toBeGreaterThan(0)
    expect(tab.browser.listenerCount()).toBeGreaterThan(0)
    client.dispose()
    client.dispose()
    expect(tab.browser.timerCount()).toBe(0)
    expect(tab.browser.listenerCount()).toBe(0)
    expect(tab.pageListenerCount()).toBe(0)
  })

  it('leaves nothing behind, however often a page makes another', async () => {
    const first = await openBusyPage()
    const listeners = first.tab.browser.listenerCount()
    let page = first
    for (let time = 0; time < 20; time += 1) {
      page.client.dispose()
      page = page.createAnother()
      const loading = page.client.load()
      await settle()
      page.tab.advance(50)
      await loading
    }
    expect(page.tab.browser.listenerCount()).toBe(listeners)
    expect(page.tab.pageListenerCount()).toBe(1)
    const before = page.agent.calls('session').length
    page.tab.browser.setClockForward(60_000)
    page.tab.tell('visible')
    await settle()
    expect(page.agent.calls('session')).toHaveLength(before + 1)
  })

  it('rejects every call, and sends nothing', async () => {
    const { client, agent } = await openBusyPage()
    client.dispose()
    const before = agent.allCalls().length
    for (const call of [
      () => client.load(),
      () => client.session(),
      () => client.login(),
      () => client.refresh(),
      () => client.ensureFresh(),
      () => client.logout(),
      () => client.fetch(ORDERS),
      () => client.fetch('https://elsewhere.example.com/'),
    ]) {
      await expect(call()).rejects.toMatchObject(disposed)
    }
    expect(agent.allCalls()).toHaveLength(before)
  })

  it('shows its last session, and can be listened to in vain', async () => {
    const { client, tab } = await openBusyPage()
    client.dispose()
    const listener = vi.fn()
    const stop = client.subscribe(listener)
    client.on('sessionExpired', listener)
    tab.tell('visible')
    tab.advance(3_600_000)
    await settle()
    expect(client.getSnapshot().status).toBe('authenticated')
    expect(listener).not.toHaveBeenCalled()
    stop()
  })

  it('hears nothing of other tabs', async () => {
    const { agent, first, second } = await openTabs()
    first.client.dispose()
    agent.answer('session', signedOut)
    await second.client.logout()
    await settle()
    expect(first.client.getSnapshot().status).toBe('authenticated')
    expect(first.events).toEqual(['sessionStarted'])
  })
})

describe('calls in progress when the client is disposed', () => {
  it.each([
    ['a session question', 'session', (page: Page) => page.client.session()],
    ['a refresh', 'refresh', (page: Page) => page.client.refresh()],
    ['a sign-out', 'logout', (page: Page) => page.client.logout()],
    ['a start of a sign-in', 'startLogin', (page: Page) => page.client.login()],
  ] as const)('reject at once: %s', async (_, operation, call) => {
    const page = await openBusyPage()
    const gate = createGate()
    page.agent.answer(operation, () => gate.passed.then(() => ({ json: {} })))
    const calling = call(page)
    await settle()
    page.client.dispose()
    await expect(calling).rejects.toMatchObject(disposed)
    gate.open()
    await settle()
    expect(page.tab.navigations).toEqual([])
  })

  it('are completed at the agent, and the other tabs hear of it', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answer('logout', () => gate.passed.then(() => ({ json: {} })))
    const loggingOut = first.client.logout()
    await settle()
    first.client.dispose()
    await expect(loggingOut).rejects.toMatchObject(disposed)
    agent.answer('session', signedOut)
    gate.open()
    await settle()
    expect(second.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('give the lock free: what waits for it never runs, what has it ends', async () => {
    const { agent, browser, first, second } = await openTabs()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => ({ json: {} })))
    void second.client.refresh()
    await settle()
    const waiting = first.client.logout()
    await settle()
    first.client.dispose()
    await expect(waiting).rejects.toMatchObject(disposed)
    gate.open()
    await settle()
    browser.advance(1_000)
    await settle()
    expect(agent.calls('logout')).toHaveLength(0)
    const refreshing = second.client.refresh()
    await settle()
    expect(await refreshing).toBeUndefined()
  })

  it('are reported as no unhandled rejection where nothing awaits them', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const page = await openBusyPage()
    void page.client.login()
    await settle()
    page.client.dispose()
    await settle()
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })

  it('leave no mark behind for the other tabs, and no step for the devtools', async () => {
    const page = await openBusyPage()
    await page.client.refresh()
    const steps: TraceStep[] = []
    page.client.on('trace', (step) => steps.push(step))
    page.client.dispose()
    await settle()
    expect(await page.tab.platform.heldLocks()).toEqual([])
    expect(steps).toEqual([])
  })
})

describe('timers of the browser', () => {
  it('can be faked, also after the client was made', async () => {
    const { createBrowserPlatform } = await import('../src/platform/browser.ts')
    const { setTimer } = createBrowserPlatform()
    vi.useFakeTimers()
    const callback = vi.fn()
    setTimer(60_000, callback)
    const cancelled = vi.fn()
    setTimer(60_000, cancelled)()
    vi.advanceTimersByTime(60_000)
    expect(callback).toHaveBeenCalledOnce()
    expect(cancelled).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})
