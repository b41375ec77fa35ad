// A page that is hidden, shown, left, restored, cut off from the network, or wakes up.
import { describe, expect, it } from 'vitest'
import { networkError, ORDERS, signedIn, signedOut, unauthorized } from '../support/fake-agent.ts'
import type { Answer } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createGate, settle } from '../support/gate.ts'
import { FLAG, openPage, openSignedInPage } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

describe('a page that is shown again', () => {
  it('asks the agent when nobody has asked for 30 seconds, and not before', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.advance(29_999)
    tab.tell('visible')
    await settle()
    expect(agent.calls('session')).toHaveLength(1)
    agent.answer('session', signedOut)
    tab.advance(1)
    tab.tell('visible')
    tab.tell('visible')
    await settle()
    expect(agent.calls('session')).toHaveLength(2)
    expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('does not ask when another tab has, and hears of what has changed', async () => {
    const { agent, browser, tabs } = await openTabs({}, {}, 3)
    browser.advance(60_000)
    agent.answer('session', signedOut)
    for (const { tab } of tabs) tab.tell('visible')
    await settle()
    expect(agent.calls('session')).toHaveLength(2)
    for (const { client } of tabs) {
      expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    }
  })

  it('finds a session that has begun meanwhile', async () => {
    const { client, agent, tab } = openPage()
    await client.load()
    agent.answer('session', signedIn)
    tab.advance(30_000)
    tab.tell('visible')
    await settle()
    expect(client.getSnapshot()).toMatchObject({ claims: { sub: 'alice' } })
  })

  it('keeps the same snapshot when nothing has changed: nothing renders', async () => {
    const { client, tab } = await openSignedInPage()
    const before = client.getSnapshot()
    let changes = 0
    client.subscribe(() => (changes += 1))
    tab.advance(1_500)
    tab.localStorage.delete(FLAG)
    tab.tell('visible')
    await settle()
    expect(client.getSnapshot()).toBe(before)
    expect(changes).toBe(0)
  })

  it('asks nothing before the app has called load', async () => {
    const { agent, tab } = openPage()
    tab.advance(60_000)
    tab.tell('visible')
    tab.tell('online')
    await settle()
    expect(agent.allCalls()).toHaveLength(0)
  })

  it('asks at once, in every tab, when the last question had no answer', async () => {
    const { agent, tabs } = await openTabs()
    agent.answer('session', networkError)
    for (const { client } of tabs) await client.session().catch(() => {})
    agent.answer('session', signedIn)
    for (const { tab } of tabs) tab.tell('visible')
    await settle()
    for (const { client } of tabs) expect(client.getSnapshot()).toMatchObject({ stale: false })
  })
})

describe('a page whose network comes back', () => {
  it('recovers a stale session, and waits no longer for the next refresh', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', networkError)
    for (let failure = 0; failure < 3; failure += 1) {
      tab.advance(2_000)
      await client.refresh().catch(() => {})
    }
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(client.getSnapshot()).toMatchObject({ stale: true })
    const before = agent.calls('refresh').length
    tab.tell('online')
    await settle()
    expect(client.getSnapshot()).toMatchObject({ stale: false })
    agent.answer('refresh', { json: {} })
    await expect(client.refresh()).resolves.toBeUndefined()
    expect(agent.calls('refresh')).toHaveLength(before + 1)
  })

  it('recovers from a page load that could not reach the agent', async () => {
    const { client, agent, tab } = openPage()
    agent.answer('session', networkError)
    await client.load()
    expect(client.getSnapshot().status).toBe('error')
    agent.answer('session', signedIn)
    tab.tell('online')
    await settle()
    expect(client.getSnapshot().status).toBe('authenticated')
  })

  it('still leaves an agent alone that asked for it', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', { status: 429, headers: { 'retry-after': '60' } })
    await client.refresh().catch(() => {})
    tab.tell('online')
    await settle()
    await expect(client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(agent.calls('refresh')).toHaveLength(1)
  })
})

describe('a refresh that fails again and again', () => {
  it('is tried after at most 1, 2, 4 … 30 seconds, and each tab waits a little differently', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', { status: 502 })
    agent.answerApi(unauthorized)
    // With the random number of the fake tab, three quarters of the longest.
    for (const pause of [750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]) {
      const before = agent.calls('refresh').length
      await client.fetch(ORDERS).catch(() => {})
      expect(agent.calls('refresh')).toHaveLength(before + 1)
      if (pause > 2_000) {
        tab.advance(pause - 2_001)
        await expect(client.fetch(ORDERS)).rejects.toMatchObject({ code: 'refresh_unavailable' })
        expect(agent.calls('refresh')).toHaveLength(before + 1)
        tab.advance(2_001)
      } else tab.advance(pause)
    }
  })

  it('is tried again in time although somebody sets the clock back', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', { status: 502 })
    await client.refresh().catch(() => {})
    tab.browser.setClockForward(-3_600_000)
    tab.advance(750)
    agent.answer('refresh', { json: {} })
    await expect(client.refresh()).resolves.toBeUndefined()
  })

  it('keeps requests waiting for two seconds at most, rather than let them fail', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answerApi(() => (agent.calls('refresh').length < 2 ? unauthorized : { json: 'ok' }))
    agent.answer('refresh', { status: 502 })
    await client.fetch(ORDERS).catch(() => {})
    agent.answer('refresh', { json: {} })
    const call = client.fetch(ORDERS)
    await settle()
    expect(agent.calls('refresh')).toHaveLength(1)
    tab.advance(750)
    expect((await call).status).toBe(200)
  })
})

describe('a page in the back/forward cache', () => {
  it('hears nothing while it is there, and catches up when it comes back', async () => {
    const { agent, first, second } = await openTabs()
    second.tab.tell('left')
    agent.answer('session', signedOut)
    await first.client.logout()
    await settle()
    expect(second.client.getSnapshot().status).toBe('authenticated')
    second.tab.restore()
    expect(second.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    // It listens again.
    agent.answer('session', signedIn)
    await first.client.session()
    await settle()
    expect(second.client.getSnapshot().status).toBe('authenticated')
  })
})

describe('a page of a user whom another one has followed in this browser', () => {
  // The other origin has shown bob to a new tab of this one, which has told nobody.
  it.each(['restored', 'visible'] as const)(
    'shows nothing of them any more when it is %s, before the agent has answered',
    async (event) => {
      const { agent, tab, client, events, openTab } = await openSignedInPage(
        {},
        createFakeBrowser(),
      )
      tab.tell('left')
      const bob = { json: { is_logged_in: true, id_token_claims: { sub: 'bob' } } }
      agent.answer('session', bob)
      await openTab().client.session()
      await settle()
      const gate = createGate()
      agent.answer('session', () => gate.passed.then(() => bob))
      expect(client.getSnapshot()).toMatchObject({ claims: { sub: 'alice' } })
      tab.tell(event)
      expect(client.getSnapshot()).toEqual({ status: 'loading' })
      gate.open()
      await settle()
      expect(client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
      expect(events).toEqual(['sessionStarted', 'userChanged', 'sessionStarted'])
    },
  )
})

describe('a route that is loaded while a page finds out who has followed its user', () => {
  const bob = { json: { is_logged_in: true, id_token_claims: { sub: 'bob' } } }

  async function replaceUser(answer: Answer = bob) {
    const page = await openSignedInPage({}, createFakeBrowser())
    page.agent.answer('session', bob)
    await page.openTab().client.session()
    await settle()
    const gate = createGate()
    page.agent.answer('session', () => gate.passed.then(() => answer))
    const before = page.agent.calls('session').length
    page.tab.tell('visible')
    const asked = () => page.agent.calls('session').length - before
    return { ...page, asked, answerNow: gate.open }
  }

  it('waits for the answer', async () => {
    const { client, asked, answerNow } = await replaceUser()
    expect(client.getSnapshot()).toEqual({ status: 'loading' })
    const seen: unknown[] = []
    const loading = client.load()
    void loading.then(({ session }) => seen.push(session.status))
    expect(client.load()).toBe(loading)
    await settle()
    expect(seen).toEqual([])
    expect(asked()).toBe(1)
    answerNow()
    expect((await loading).session).toMatchObject({ claims: { sub: 'bob' } })
    expect(client.load()).toBe(loading)
  })

  it('is told when the agent has no answer', async () => {
    const { client, answerNow } = await replaceUser(networkError)
    const loading = client.load()
    answerNow()
    expect((await loading).session.status).toBe('error')
  })
})

describe('a machine that wakes up', () => {
  it('lets the 401 decide: its clocks say nothing about the access token', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.browser.setClockForward(3_600_000)
    await client.fetch(ORDERS)
    expect(agent.calls('refresh')).toHaveLength(0)
    // A request that cannot be sent again takes no chances.
    await client.ensureFresh()
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('treats a first failure as one that may pass, and asks once when the network is there', async () => {
    const browser = createFakeBrowser()
    const { client, agent, tab } = await openSignedInPage({}, browser)
    browser.setClockForward(3_600_000)
    agent.answer('session', networkError)
    tab.tell('visible')
    await settle()
    expect(client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: true })
    agent.answer('session', signedIn)
    tab.tell('online')
    await settle()
    expect(client.getSnapshot()).toMatchObject({ stale: false })
    expect(agent.calls('session')).toHaveLength(3)
  })
})
