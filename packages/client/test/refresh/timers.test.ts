// What happens by itself: refreshing ahead, if the app wants it, and the warning before the end.
import { describe, expect, it } from 'vitest'
import { ORDERS, signedIn } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { settle } from '../support/gate.ts'
import { openPage, openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

async function pass(page: Page, seconds: number): Promise<void> {
  page.tab.advance(seconds * 1000)
  await settle()
}

describe('by default', () => {
  it('no timer refreshes: an idle session can end', async () => {
    const page = await openSignedInPage()
    await pass(page, 3_600)
    expect(page.agent.calls('refresh')).toHaveLength(0)
  })
})

describe('keepAlive', () => {
  it("'always' refreshes a little before the access token is due, again and again", async () => {
    const page = await openSignedInPage({ keepAlive: 'always' })
    page.tab.tell('hidden')
    // Due after 270 seconds; the fake tab's random number makes it 5 % earlier.
    await pass(page, 256)
    expect(page.agent.calls('refresh')).toHaveLength(0)
    await pass(page, 1)
    expect(page.agent.calls('refresh')).toHaveLength(1)
    await pass(page, 257)
    expect(page.agent.calls('refresh')).toHaveLength(2)
  })

  it("'visible' refreshes while the page is shown, and once when it is shown again", async () => {
    const page = await openSignedInPage({ keepAlive: 'visible' })
    page.tab.tell('hidden')
    await pass(page, 1_000)
    expect(page.agent.calls('refresh')).toHaveLength(0)
    page.tab.tell('visible')
    await pass(page, 0)
    expect(page.agent.calls('refresh')).toHaveLength(1)
  })

  it('ends with the session: no timer goes on', async () => {
    const page = await openSignedInPage({ keepAlive: 'always' })
    page.agent.answer('refresh', { status: 401, json: { error_code: 'session_expired' } })
    await pass(page, 270)
    expect(page.client.getSnapshot().status).toBe('unauthenticated')
    await pass(page, 60)
    expect(page.tab.browser.timerCount()).toBe(0)
  })

  it('lets one tab refresh for all', async () => {
    const { agent, browser } = await openTabs({ keepAlive: 'always' }, {}, 5)
    for (let second = 0; second < 600; second += 1) {
      browser.advance(1_000)
      await settle()
    }
    expect(agent.calls('refresh')).toHaveLength(2)
  })

  it('takes delays longer than 2^31 milliseconds for what they are', async () => {
    const page = openPage({ keepAlive: 'always' })
    const days = 60 * 24 * 3600
    page.agent.answer('session', {
      json: { is_logged_in: true, access_token_expires_in: days },
    })
    await page.client.load()
    await pass(page, 2_147_484)
    await pass(page, 100)
    expect(page.agent.calls('refresh')).toHaveLength(0)
    await pass(page, days)
    expect(page.agent.calls('refresh')).toHaveLength(1)
  })

  it('tries again after a refresh that failed', async () => {
    const page = await openSignedInPage({ keepAlive: 'always' })
    page.agent.answer('refresh', { status: 502 })
    await pass(page, 270)
    expect(page.agent.calls('refresh')).toHaveLength(1)
    page.agent.answer('refresh', { json: { access_token_expires_in: 300 } })
    await pass(page, 30)
    expect(page.agent.calls('refresh')).toHaveLength(2)
    expect(page.client.getSnapshot()).toMatchObject({ stale: false })
  })

  it('stops with the session', async () => {
    const page = await openSignedInPage({ keepAlive: 'always' })
    await page.client.logout()
    await pass(page, 3_600)
    expect(page.agent.calls('refresh')).toHaveLength(0)
  })
})

describe('a session whose end the agent tells', () => {
  const ending = { json: { ...signedIn.json, session_expires_in: 3_600 } }

  it('is in the snapshot, and announced two minutes before it', async () => {
    const page = openPage()
    page.agent.answer('session', ending)
    await page.client.load()
    const warnings: unknown[] = []
    page.client.on('sessionExpiring', (warning) => warnings.push(warning))
    expect(page.client.getSnapshot()).toMatchObject({ sessionExpiresAt: START + 3_600_000 })
    await pass(page, 3_479)
    expect(warnings).toEqual([])
    await pass(page, 1)
    expect(warnings).toEqual([{ sessionExpiresAt: START + 3_600_000 }])
  })

  it('is announced once, however often the page asks', async () => {
    const page = openPage({ sessionExpiringBefore: 600 })
    page.agent.answer('session', ending)
    await page.client.load()
    await pass(page, 3_100)
    page.agent.answer('session', { json: { ...signedIn.json, session_expires_in: 500 } })
    await page.client.session()
    page.tab.tell('visible')
    await pass(page, 10)
    expect(page.events).toEqual(['sessionStarted', 'sessionExpiring'])
  })

  it('is announced again when it was put off', async () => {
    const page = openPage()
    page.agent.answer('session', ending)
    await page.client.load()
    await pass(page, 3_500)
    page.agent.answer('session', { json: { ...signedIn.json, session_expires_in: 1_000 } })
    await page.client.session()
    await pass(page, 1_000)
    expect(page.events).toEqual(['sessionStarted', 'sessionExpiring', 'sessionExpiring'])
  })
})

describe('ensureFresh', () => {
  it('refreshes when less than a minute is left, so that a stream can begin', async () => {
    const { client, agent, tab } = await openSignedInPage()
    // So that the access token's whole lifetime is known.
    await client.refresh()
    tab.advance(239_999)
    await client.ensureFresh()
    expect(agent.calls('refresh')).toHaveLength(1)
    tab.advance(1)
    await client.ensureFresh()
    expect(agent.calls('refresh')).toHaveLength(2)
  })

  it('refreshes when less than the app needs is left', async () => {
    const { client, agent, tab } = await openSignedInPage()
    await client.refresh()
    tab.advance(170_000)
    await client.ensureFresh(120)
    expect(agent.calls('refresh')).toHaveLength(1)
    await client.ensureFresh(140)
    expect(agent.calls('refresh')).toHaveLength(2)
  })

  it('does nothing for nobody', async () => {
    const { client, agent } = openPage()
    await client.load()
    await client.ensureFresh()
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('is done for a streamed body without being asked', async () => {
    const { client, agent, tab } = await openSignedInPage()
    await client.refresh()
    tab.advance(250_000)
    await client.fetch(ORDERS, { method: 'POST', body: 'x' })
    expect(agent.calls('refresh')).toHaveLength(1)
    const body = new ReadableStream({ start: (controller) => controller.close() })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' }
    expect((await client.fetch(ORDERS, init)).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(2)
  })
})
