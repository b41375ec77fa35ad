// Asking for the session from time to time, and signing out a user who has gone away.
import { describe, expect, it } from 'vitest'
import { pollSession } from '../src/session-watch.ts'
import { signedOut } from './support/fake-agent.ts'
import { settle } from './support/gate.ts'
import { letSecondsPass, watchIdle } from './support/idle.ts'
import { openPage, openSignedInPage } from './support/page.ts'

describe('polling', () => {
  it('finds a session that was revoked, without a request of the app', async () => {
    const page = await openSignedInPage()
    const stop = pollSession(page.client, { every: 30, platform: page.tab.platform })
    await letSecondsPass(page, 29)
    expect(page.agent.calls('session')).toHaveLength(1)
    page.agent.answer('session', signedOut)
    await letSecondsPass(page, 1)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    await letSecondsPass(page, 60)
    expect(page.agent.calls('session')).toHaveLength(2)
    expect(page.agent.calls('refresh')).toHaveLength(0)
    stop()
  })

  it('asks nothing while the page is hidden, or after it was stopped, and survives an agent in trouble', async () => {
    const page = await openSignedInPage()
    const stop = pollSession(page.client, { every: 10, platform: page.tab.platform })
    page.tab.tell('hidden')
    await letSecondsPass(page, 20)
    expect(page.agent.calls('session')).toHaveLength(1)
    page.tab.tell('visible')
    page.agent.answer('session', { status: 503 })
    await letSecondsPass(page, 20)
    const asked = page.agent.calls('session').length
    expect(asked).toBeGreaterThan(2)
    stop()
    await letSecondsPass(page, 30)
    expect(page.agent.calls('session')).toHaveLength(asked)
  })

  it('ends with the client', async () => {
    const page = await openSignedInPage()
    pollSession(page.client, { every: 30, platform: page.tab.platform })
    page.client.dispose()
    await letSecondsPass(page, 30)
    expect(page.tab.browser.timerCount()).toBe(0)
  })

  it('once in 30 days does not ask all the time, though a timer cannot wait that long', async () => {
    const page = await openSignedInPage()
    const delays: number[] = []
    const setTimer = (delay: number) => {
      delays.push(delay)
      return () => {}
    }
    pollSession(page.client, { every: 30 * 86_400, platform: { ...page.tab.platform, setTimer } })
    await settle()
    expect(delays).toEqual([600_000])
  })
})

describe('an idle user', () => {
  it('is signed out after a countdown', async () => {
    const page = await openSignedInPage()
    const { told } = watchIdle(page)
    await letSecondsPass(page, 7)
    expect(told).toEqual([3])
    await letSecondsPass(page, 2)
    expect(page.client.getSnapshot().status).toBe('authenticated')
    await letSecondsPass(page, 1)
    expect(told).toEqual([3, 2, 1, undefined])
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    await letSecondsPass(page, 30)
    expect(page.agent.calls('logout')).toHaveLength(1)
  })

  it('who comes back during the countdown stays signed in', async () => {
    const page = await openSignedInPage()
    const { told, act } = watchIdle(page)
    await letSecondsPass(page, 8)
    act()
    expect(told).toEqual([3, 2, undefined])
    await letSecondsPass(page, 9)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })

  it('is not idle who works in another tab', async () => {
    const page = await openSignedInPage()
    watchIdle(page)
    await letSecondsPass(page, 6)
    page.tab.localStorage.set('token-handler:activity', String(page.tab.browser.now()))
    await letSecondsPass(page, 9)
    expect(page.client.getSnapshot().status).toBe('authenticated')
    await letSecondsPass(page, 1)
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('is watched from the sign-in on, and not after it was stopped', async () => {
    const page = openPage()
    const { stop } = watchIdle(page)
    await page.client.load()
    await letSecondsPass(page, 20)
    expect(page.agent.calls('logout')).toHaveLength(0)
    stop()
    const other = await openSignedInPage()
    const watched = watchIdle(other)
    watched.stop()
    await letSecondsPass(other, 20)
    expect(other.client.getSnapshot().status).toBe('authenticated')
  })

  it('may get something else than a sign-out', async () => {
    const page = await openSignedInPage()
    let count = 0
    watchIdle(page, { onIdle: () => (count += 1) })
    await letSecondsPass(page, 12)
    expect(count).toBe(1)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })
})
