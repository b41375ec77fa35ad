// Users who have gone away, on machines that sleep, with clocks that are set, agents in trouble and apps with other plans.
import { describe, expect, it, vi } from 'vitest'
import { networkError } from './support/fake-agent.ts'
import { createGate, settle } from './support/gate.ts'
import { letSecondsPass, openTwoTabs, watchIdle } from './support/idle.ts'
import { openSignedInPage } from './support/page.ts'

const HOUR = 3_600_000
const gone = { status: 'unauthenticated', reason: 'signed-out' }

describe('after a sleep that was longer than the user may be idle', () => {
  const quarter = { after: 900, countdownFrom: 60 }

  it('the first click signs out, and is not taken for activity', async () => {
    const page = await openSignedInPage()
    const { act, told } = watchIdle(page, quarter)
    page.tab.browser.setClockForward(HOUR)
    act()
    act()
    await settle()
    expect(page.client.getSnapshot()).toEqual(gone)
    expect(page.agent.calls('logout')).toHaveLength(1)
    expect(told).toEqual([])
  })

  it.each(['visible', 'restored', 'online'] as const)(
    'a page that is %s signs out at once',
    async (event) => {
      const page = await openSignedInPage()
      watchIdle(page, quarter)
      page.tab.browser.setClockForward(HOUR)
      page.tab.tell(event)
      await settle()
      expect(page.client.getSnapshot()).toEqual(gone)
    },
  )

  it('a page that nobody touches signs out within ten minutes', async () => {
    const page = await openSignedInPage()
    watchIdle(page, { after: 1_800 })
    page.tab.browser.setClockForward(HOUR)
    await letSecondsPass(page, 600)
    expect(page.client.getSnapshot()).toEqual(gone)
  })

  it('a sign-out that fails, because the network is not there yet, is not undone by activity', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', networkError)
    const { act } = watchIdle(page, quarter)
    page.tab.browser.setClockForward(HOUR)
    for (let second = 0; second < 5; second += 1) {
      act()
      await letSecondsPass(page, 1)
    }
    expect(page.agent.calls('logout')).toHaveLength(1)
    page.agent.answer('logout', { json: {} })
    page.tab.tell('online')
    await settle()
    expect(page.client.getSnapshot()).toEqual(gone)
  })
})

describe('a sign-out that fails', () => {
  it('is tried again, twice a minute', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', { status: 503 })
    watchIdle(page)
    await letSecondsPass(page, 10 + 60)
    expect(page.agent.calls('logout')).toHaveLength(3)
    page.agent.answer('logout', { json: {} })
    await letSecondsPass(page, 30)
    expect(page.client.getSnapshot()).toEqual(gone)
    await letSecondsPass(page, 60)
    expect(page.agent.calls('logout')).toHaveLength(4)
  })

  it('is not tried again when the user is active in another tab', async () => {
    const { one, other } = await openTwoTabs()
    one.agent.answer('logout', { status: 503 })
    watchIdle(one)
    await letSecondsPass(one, 10)
    // Opened since.
    const { act } = watchIdle(other)
    for (let second = 0; second < 60; second += 1) {
      act()
      await letSecondsPass(one, 1)
    }
    expect(one.agent.calls('logout')).toHaveLength(1)
    expect(one.client.getSnapshot().status).toBe('authenticated')
  })

  it('because the client was disposed ends the watch', async () => {
    const page = await openSignedInPage()
    watchIdle(page)
    page.client.dispose()
    await letSecondsPass(page, 10)
    expect(page.tab.browser.timerCount()).toBe(0)
    expect(page.tab.browser.listenerCount()).toBe(0)
    expect(page.tab.pageListenerCount()).toBe(0)
  })
})

describe('an app that does something else than to sign out', () => {
  it('is asked again only when there was activity in between', async () => {
    const page = await openSignedInPage()
    const onIdle = vi.fn()
    const { act, told } = watchIdle(page, { onIdle })
    await letSecondsPass(page, 100)
    expect(onIdle).toHaveBeenCalledTimes(1)
    act()
    await letSecondsPass(page, 9)
    expect(onIdle).toHaveBeenCalledTimes(1)
    await letSecondsPass(page, 1)
    expect(onIdle).toHaveBeenCalledTimes(2)
    expect(told).toEqual([3, 2, 1, undefined, 3, 2, 1, undefined])
  })

  it('is asked again when the activity was in another tab', async () => {
    const { one, other } = await openTwoTabs()
    const onIdle = vi.fn()
    watchIdle(one, { onIdle })
    const { act } = watchIdle(other, { onIdle: () => {} })
    await letSecondsPass(one, 20)
    act()
    await letSecondsPass(one, 9)
    expect(onIdle).toHaveBeenCalledTimes(1)
    await letSecondsPass(one, 1)
    expect(onIdle).toHaveBeenCalledTimes(2)
  })

  it('such as to wait for an answer: the click that answers is activity', async () => {
    const page = await openSignedInPage()
    const answer = createGate()
    const onIdle = vi.fn(() => answer.passed)
    const { act } = watchIdle(page, { onIdle })
    await letSecondsPass(page, 30)
    expect(onIdle).toHaveBeenCalledTimes(1)
    act()
    answer.open()
    await settle()
    await letSecondsPass(page, 9)
    expect(onIdle).toHaveBeenCalledTimes(1)
    await letSecondsPass(page, 1)
    expect(onIdle).toHaveBeenCalledTimes(2)
  })
})

describe('a clock that is set back', () => {
  it('signs nobody out late', async () => {
    const page = await openSignedInPage()
    const { told } = watchIdle(page)
    page.tab.browser.setClockForward(-HOUR)
    await letSecondsPass(page, 9)
    expect(told).toEqual([3, 2, 1])
    await letSecondsPass(page, 1)
    expect(page.client.getSnapshot()).toEqual(gone)
  })

  it('by less than the user may be idle does not count what was done before twice', async () => {
    const { one, other } = await openTwoTabs()
    watchIdle(one)
    const { act } = watchIdle(other)
    await letSecondsPass(one, 1)
    act()
    await settle()
    one.tab.browser.setClockForward(-5_000)
    await letSecondsPass(one, 10)
    expect(one.client.getSnapshot()).toEqual(gone)
  })

  it('signs nobody out who is active in another tab', async () => {
    const { one, other } = await openTwoTabs()
    const onIdle = vi.fn()
    watchIdle(one, { onIdle })
    const { act } = watchIdle(other, { onIdle })
    one.tab.browser.setClockForward(-HOUR)
    for (let second = 0; second < 30; second += 1) {
      await letSecondsPass(one, 1)
      act()
    }
    expect(onIdle).not.toHaveBeenCalled()
  })
})

it('a time-out of 30 days is no busy loop, though a timer cannot wait that long', async () => {
  const page = await openSignedInPage()
  const delays: number[] = []
  const platform = {
    ...page.tab.platform,
    setTimer(delay: number, callback: () => void) {
      delays.push(delay)
      return page.tab.platform.setTimer(delay, callback)
    },
  }
  watchIdle(page, { after: 30 * 86_400, platform })
  await letSecondsPass(page, 1_200)
  expect(delays).toEqual([600_000, 600_000, 600_000])
})

describe('a countdown that throws an error', () => {
  it('keeps nobody signed in', async () => {
    const reported: unknown[] = []
    const { queueMicrotask: soon } = globalThis
    vi.stubGlobal('queueMicrotask', (task: () => void) =>
      soon(() => {
        try {
          task()
        } catch (error) {
          reported.push(error)
        }
      }),
    )
    const page = await openSignedInPage()
    page.agent.answer('logout', { json: {} })
    watchIdle(page, {
      onCountdown() {
        throw new Error('no such element')
      },
    })
    await letSecondsPass(page, 12)
    vi.unstubAllGlobals()
    expect(reported.length).toBeGreaterThan(0)
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
  })
})
