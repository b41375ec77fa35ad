// The end of a session that the agent has named: the warning before it, and the end itself on a page that is idle.
import { describe, expect, it } from 'vitest'
import { networkError, ORDERS, signedIn, signedOut } from '../support/fake-agent.ts'
import { createFakeBrowser, START } from '../support/fake-browser.ts'
import { settle } from '../support/gate.ts'
import { HOME, openPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

const HOUR = 3_600_000
const endsIn = (seconds: number) => ({ json: { ...signedIn.json, session_expires_in: seconds } })

async function openEnding(seconds = 3_600): Promise<Page> {
  const page = openPage({}, HOME, createFakeBrowser())
  page.agent.answer('session', endsIn(seconds))
  const loading = page.client.load()
  await settle()
  page.tab.advance(50)
  await loading
  return page
}

async function pass(page: Page, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 60_000) {
    page.tab.advance(Math.min(left, 60_000))
    await settle()
  }
}

const questions = ({ agent }: Page) => agent.calls('session').length

describe('at the end of a session an idle page that is visible', () => {
  it('asks the agent once, and the session ends', async () => {
    const page = await openEnding()
    page.agent.answer('session', signedOut)
    await pass(page, HOUR)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(page.events).toEqual(['sessionStarted', 'sessionExpiring', 'sessionExpired'])
    await pass(page, HOUR)
    expect(questions(page)).toBe(2)
  })

  it('asks once more when the agent, which counts in seconds, sees a last one', async () => {
    const page = await openEnding()
    page.agent.answer('session', endsIn(1))
    await pass(page, HOUR)
    expect(page.client.getSnapshot().status).toBe('authenticated')
    page.agent.answer('session', signedOut)
    await pass(page, 2_000)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('does not ask on and on when the session does not end', async () => {
    const page = await openEnding()
    page.agent.answer('session', endsIn(0))
    await pass(page, HOUR)
    page.agent.answer('session', endsIn(-60))
    await pass(page, HOUR)
    expect(questions(page)).toBeLessThanOrEqual(4)
  })

  it('goes on when the session was put off', async () => {
    const page = await openEnding()
    await pass(page, 2 * HOUR)
    expect(questions(page)).toBe(3)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })

  it('keeps the session, as stale, when the agent cannot be asked', async () => {
    const page = await openEnding()
    page.agent.answer('session', networkError)
    await pass(page, HOUR)
    expect(page.client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: true })
  })
})

describe('a page that was hidden when its session ended', () => {
  it('asks when it is shown, and not before', async () => {
    const page = await openEnding()
    page.tab.tell('hidden')
    page.agent.answer('session', signedOut)
    await pass(page, HOUR)
    expect(questions(page)).toBe(1)
    page.tab.tell('visible')
    page.tab.advance(0)
    await settle()
    expect(questions(page)).toBe(2)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })
})

describe('after a sleep, or a change of the clock', () => {
  it('no warning is given for an end that has passed', async () => {
    const page = await openEnding()
    page.tab.browser.setClockForward(8 * HOUR)
    page.agent.answer('session', signedOut)
    page.tab.tell('visible')
    page.tab.advance(0)
    await settle()
    await pass(page, HOUR / 6)
    expect(page.events).toEqual(['sessionStarted', 'sessionExpired'])
    expect(questions(page)).toBe(2)
  })

  it('the end is noticed within ten minutes, although nothing says that the machine woke up', async () => {
    const page = await openEnding()
    page.tab.browser.setClockForward(8 * HOUR)
    page.agent.answer('session', signedOut)
    await pass(page, HOUR / 6)
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(page.events).not.toContain('sessionExpiring')
  })

  it('a warning that is late but not too late is still given', async () => {
    const page = await openEnding()
    page.tab.browser.setClockForward(HOUR - 600_000)
    page.agent.answer('session', endsIn(600))
    await pass(page, 480_000)
    expect(page.events).toEqual(['sessionStarted'])
    page.agent.answer('session', endsIn(60))
    await pass(page, 120_000)
    expect(page.events).toContain('sessionExpiring')
  })

  it.each([-HOUR, -24 * HOUR, 24 * HOUR])(
    'the warning comes two minutes before the end, whatever the clock says: set by %i',
    async (by) => {
      const page = await openEnding()
      const left: number[] = []
      page.client.on('sessionExpiring', ({ sessionExpiresAt }) =>
        left.push(sessionExpiresAt - page.tab.browser.now()),
      )
      let elapsed = 0
      page.agent.answer('session', () => endsIn(3_600 - elapsed / 1000))
      page.tab.browser.setClockForward(by)
      while (elapsed < HOUR - 60_000) {
        await pass(page, 60_000)
        elapsed += 60_000
      }
      expect(left).toHaveLength(1)
      expect(Math.abs((left[0] ?? 0) - 120_000)).toBeLessThanOrEqual(60_000)
    },
  )
})

describe('timers', () => {
  it('do not pile up when the page is shown again and again', async () => {
    const page = await openEnding(30 * 86_400)
    for (let time = 0; time < 500; time += 1) {
      page.tab.tell('hidden')
      page.tab.tell('visible')
      page.tab.advance(20_000)
      await settle()
    }
    // The warning and the end, and whatever is being asked just now.
    expect(page.tab.browser.timerCount()).toBeLessThanOrEqual(4)
  })

  it('of answers that have come are gone', async () => {
    const page = openPage({}, HOME, createFakeBrowser())
    page.agent.answer('session', signedIn)
    const loading = page.client.load()
    await settle()
    page.tab.advance(50)
    await loading
    await page.client.refresh()
    await settle()
    page.tab.advance(1_000)
    expect(page.tab.browser.timerCount()).toBe(0)
  })
})

describe('an end that refreshes put off', () => {
  /** The agent's session goes on for half an hour after each refresh. */
  async function openSliding(isAnswering = () => true): Promise<Page> {
    let endsAt = 1_800_000
    const page = openPage({}, HOME, createFakeBrowser())
    const began = page.tab.browser.now()
    const now = () => page.tab.browser.now() - began
    page.agent.answer('session', () =>
      isAnswering() ? endsIn((endsAt - now()) / 1000) : networkError,
    )
    page.agent.answer('refresh', () => {
      endsAt = now() + 1_800_000
      return { json: { access_token_expires_in: 300 } }
    })
    const loading = page.client.load()
    await settle()
    page.tab.advance(50)
    await loading
    return page
  }

  it('is not warned of while the user is at work: the agent is asked first', async () => {
    const page = await openSliding()
    for (let minute = 0; minute < 60; minute += 1) {
      await pass(page, 60_000)
      await page.client.fetch(ORDERS)
    }
    expect(page.events).not.toContain('sessionExpiring')
    expect(questions(page)).toBeLessThan(5)
    await pass(page, HOUR / 2)
    expect(page.events.filter((event) => event === 'sessionExpiring')).toHaveLength(1)
  })

  it('is asked about once for a refresh, however often the page is shown, and whatever claims change', async () => {
    const page = await openSliding()
    await pass(page, 600_000)
    await page.client.fetch(ORDERS)
    let asked = 0
    page.agent.answer('session', () => {
      asked += 1
      const { json } = endsIn((1_800_000 - (page.tab.browser.now() - START)) / 1000)
      return { json: { ...json, id_token_claims: { sub: 'alice', asked } } }
    })
    await pass(page, 1_100_000)
    for (let time = 0; time < 10; time += 1) {
      page.tab.tell('visible')
      page.tab.advance(10)
      await settle()
    }
    expect(page.events).toContain('sessionExpiring')
    expect(asked).toBeLessThan(4)
  })

  it('is not asked about when nothing has been refreshed: that alone might put it off', async () => {
    const page = await openSliding()
    await pass(page, 1_700_000)
    expect(page.events).toContain('sessionExpiring')
    expect(questions(page)).toBe(1)
  })

  it('is warned of when the agent cannot be asked', async () => {
    let isAnswering = true
    const page = await openSliding(() => isAnswering)
    await pass(page, 600_000)
    await page.client.fetch(ORDERS)
    isAnswering = false
    await pass(page, 1_100_000)
    expect(page.events).toContain('sessionExpiring')
  })
})
