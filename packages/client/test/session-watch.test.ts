// Asking for the session from time to time, and signing out a user who has gone away.
import { describe, expect, it } from 'vitest'
import { pollSession, signOutWhenIdle } from '../src/session-watch.ts'
import { signedOut } from './support/fake-agent.ts'
import { settle } from './support/gate.ts'
import { openPage, openSignedInPage } from './support/page.ts'
import type { Page } from './support/page.ts'

async function letSecondsPass({ tab }: Page, seconds: number) {
  for (let second = 0; second < seconds; second += 1) {
    tab.advance(1000)
    await settle()
  }
}

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
})

describe('an idle user', () => {
  function watch(page: Page, more: object = {}) {
    const told: (number | undefined)[] = []
    let act = () => {}
    const stop = signOutWhenIdle(page.client, {
      after: 10,
      countdownFrom: 3,
      onCountdown: (left) => told.push(left),
      platform: {
        ...page.tab.platform,
        onUserActivity(listener) {
          act = listener
          return () => {}
        },
      },
      ...more,
    })
    return { told, stop, act: () => act() }
  }

  it('is signed out after a countdown', async () => {
    const page = await openSignedInPage()
    const { told } = watch(page)
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
    const { told, act } = watch(page)
    await letSecondsPass(page, 8)
    act()
    expect(told).toEqual([3, 2, undefined])
    await letSecondsPass(page, 9)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })

  it('is not idle who works in another tab', async () => {
    const page = await openSignedInPage()
    watch(page)
    await letSecondsPass(page, 6)
    page.tab.localStorage.set('token-handler:activity', String(page.tab.browser.now()))
    await letSecondsPass(page, 9)
    expect(page.client.getSnapshot().status).toBe('authenticated')
    await letSecondsPass(page, 1)
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('is idle while the machine sleeps, whatever the first click says', async () => {
    const page = await openSignedInPage()
    const { act } = watch(page)
    page.tab.browser.setClockForward(3_600_000)
    act()
    await letSecondsPass(page, 8)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })

  it('is watched from the sign-in on, and not after it was stopped', async () => {
    const page = openPage()
    const { stop } = watch(page)
    await page.client.load()
    await letSecondsPass(page, 20)
    expect(page.agent.calls('logout')).toHaveLength(0)
    stop()
    const other = await openSignedInPage()
    const watched = watch(other)
    watched.stop()
    await letSecondsPass(other, 20)
    expect(other.client.getSnapshot().status).toBe('authenticated')
  })

  it('may get something else than a sign-out', async () => {
    const page = await openSignedInPage()
    let count = 0
    watch(page, { onIdle: () => (count += 1) })
    await letSecondsPass(page, 12)
    expect(count).toBe(1)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })
})
