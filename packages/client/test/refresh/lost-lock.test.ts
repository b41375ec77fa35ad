// The lock of all tabs when a page loses it in the back/forward cache, and when its holder is frozen.
import { describe, expect, it } from 'vitest'
import { ORDERS, signedIn, signedOut } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createGate, settle } from '../support/gate.ts'
import { comeBack, openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { openTabs, refuseUntilRefreshed } from '../support/tabs.ts'

const never = () => createGate().passed.then(() => ({ json: {} }))
const refreshed = { json: { access_token_expires_in: 300 } }

/** As WebKit does: the answer to a keepalive request of such a page never arrives either. */
async function goAndComeBack({ tab }: Page): Promise<void> {
  tab.tell('left')
  tab.restore()
  tab.loseLocks()
  await settle()
}

describe('a page that loses the lock in the back/forward cache', () => {
  it('refreshes once more, under a new lock, and the request that waits is answered', async () => {
    const page = await openSignedInPage({}, createFakeBrowser())
    refuseUntilRefreshed(page.agent, 2)
    page.agent.answer('refresh', never)
    const phases: string[] = []
    page.client.on('trace', (step) => void (step.kind === 'lock' && phases.push(step.phase)))
    const call = page.client.fetch(ORDERS)
    await settle()
    page.agent.answer('refresh', refreshed)
    await goAndComeBack(page)
    expect((await call).status).toBe(200)
    expect(page.agent.calls('refresh')).toHaveLength(2)
    expect(phases.filter((phase) => phase === 'held')).toHaveLength(2)
    expect(phases).not.toContain('unlocked')
  })

  it('signs out once more', async () => {
    const page = await openSignedInPage({}, createFakeBrowser())
    page.agent.answer('logout', never)
    const loggingOut = page.client.logout()
    await settle()
    page.agent.answer('logout', { json: {} })
    page.agent.answer('session', signedOut)
    await goAndComeBack(page)
    await loggingOut
    expect(page.agent.calls('logout')).toHaveLength(2)
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('sends no code twice: it asks for the session until the cookies are there', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', never)
    const loading = page.client.load()
    await settle()
    await goAndComeBack(page)
    // The agent's answer to the first page has come by now.
    page.agent.answer('session', signedIn)
    page.tab.advance(500)
    await settle()
    const { session, returnTo } = await loading
    expect(session.status).toBe('authenticated')
    expect(returnTo).toBe('/orders/7?tab=2#items')
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('ends signed out when the sign-in leads to no session', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', never)
    const loading = page.client.load()
    await settle()
    await goAndComeBack(page)
    for (let time = 0; time < 10; time += 1) {
      page.tab.advance(1_000)
      await settle()
    }
    expect((await loading).session).toEqual({ status: 'unauthenticated', reason: 'none' })
  })

  it('waits on when it had only waited for the lock', async () => {
    const { agent, first, second, browser } = await openTabs()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => refreshed))
    const refreshing = first.client.refresh()
    await settle()
    const waiting = second.client.refresh()
    await settle()
    await goAndComeBack(second)
    expect(agent.calls('refresh')).toHaveLength(1)
    gate.open()
    await settle()
    browser.advance(1_000)
    await Promise.all([refreshing, waiting])
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('leaves no rejection unhandled when it was asking for the session only', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const page = await openSignedInPage({}, createFakeBrowser())
    page.tab.browser.setClockForward(60_000)
    page.agent.answer('session', never)
    page.tab.tell('visible')
    await settle()
    page.agent.answer('session', signedIn)
    await goAndComeBack(page)
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
    expect(page.client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: false })
  })
})

describe('a frozen page that holds the lock', () => {
  async function openBehindFrozen() {
    const { agent, first, second, browser } = await openTabs()
    agent.answer('refresh', never)
    void first.client.refresh()
    await settle()
    // Its timers stop, too.
    first.tab.tell('left')
    agent.answer('refresh', refreshed)

    /** Seconds until another tab has refreshed. */
    async function measure(work: () => Promise<unknown>): Promise<number> {
      let seconds = 0
      const state = { isDone: false }
      void work().finally(() => (state.isDone = true))
      await settle()
      while (!state.isDone && seconds < 60) {
        browser.advance(1_000)
        seconds += 1
        await settle()
      }
      return seconds
    }
    return { agent, first, second, browser, measure }
  }

  it('is waited for once; after that other tabs have little patience with it', async () => {
    const { second, agent, measure } = await openBehindFrozen()
    expect(await measure(() => second.client.refresh())).toBe(20)
    expect(await measure(() => second.client.refresh())).toBe(1)
    agent.answer('session', signedOut)
    expect(await measure(() => second.client.logout())).toBe(1)
  })

  it('costs no other holder anything of the patience it deserves', async () => {
    const { first, second, agent, measure } = await openBehindFrozen()
    await measure(() => second.client.refresh())
    first.tab.close()
    const third = second.openTab()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => refreshed))
    agent.answer('session', signedIn)
    void third.client.load()
    await settle()
    void third.client.refresh()
    await settle()
    const calls = agent.calls('refresh').length
    void second.client.refresh()
    await settle()
    second.tab.advance(10_000)
    await settle()
    expect(agent.calls('refresh')).toHaveLength(calls)
  })
})

describe('a tab that was frozen once and has come back', () => {
  it('is waited for as any other: its refresh is not doubled', async () => {
    const { agent, first, second, browser } = await openTabs()
    const pass = async (seconds: number) => {
      for (let second = 0; second < seconds; second += 1) {
        browser.advance(1_000)
        await settle()
      }
    }
    const thaw = createGate()
    agent.answer('refresh', () => thaw.passed.then(() => refreshed))
    void first.client.refresh().catch(() => {})
    await settle()
    first.tab.tell('left')
    agent.answer('refresh', refreshed)
    const waiting = second.client.refresh()
    await pass(21)
    await waiting
    agent.answer('session', signedIn)
    first.tab.restore()
    thaw.open()
    await pass(5)
    await second.client.refresh()
    await pass(2)
    // Much later it refreshes again, and the authorization server takes its time.
    const slow = createGate()
    agent.answer('refresh', () => slow.passed.then(() => refreshed))
    const { length } = agent.calls('refresh')
    const again = first.client.refresh()
    await settle()
    const also = second.client.refresh()
    await pass(3)
    expect(agent.calls('refresh')).toHaveLength(length + 1)
    slow.open()
    await pass(2)
    await Promise.all([again, also])
    expect(agent.calls('refresh')).toHaveLength(length + 1)
  })
})

describe('a frozen tab that was asking for the session', () => {
  it('keeps the others from asking for half a minute, and not for ever', async () => {
    const { agent, first, second, browser } = await openTabs()
    agent.answer('session', never)
    browser.setClockForward(60_000)
    first.tab.tell('visible')
    await settle()
    first.tab.tell('left')
    agent.answer('session', signedOut)
    for (let minute = 0; minute < 2; minute += 1) {
      second.tab.tell('hidden')
      browser.advance(60_000)
      await settle()
      second.tab.tell('visible')
      await settle()
    }
    expect(second.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })
})
