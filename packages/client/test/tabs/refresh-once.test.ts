// Tabs that need a new access token at the same time.
import { describe, expect, it } from 'vitest'
import { ORDERS, signedOut, unauthorized } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { PREFIX } from '../support/page.ts'
import { openTabs, refuseUntilRefreshed } from '../support/tabs.ts'

const refreshed = { json: { access_token_expires_in: 300 } }

describe('tabs whose access token has expired', () => {
  it('refresh once, five of them with twenty calls each, and every call succeeds', async () => {
    const { agent, tabs } = await openTabs({}, {}, 5)
    refuseUntilRefreshed(agent)
    const calls = tabs.flatMap(({ client }) =>
      Array.from({ length: 20 }, (_, id) => client.fetch(`${ORDERS}/${id}`)),
    )
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses).toEqual(Array.from({ length: 100 }, () => 200))
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(agent.apiCalls()).toHaveLength(200)
  })

  it('replay, and do not refresh, when another tab has refreshed since their request was sent', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answerApi(async () => {
      await gate.passed
      return unauthorized
    })
    const slow = second.client.fetch(ORDERS)
    await settle()
    await first.client.refresh()
    agent.answerApi({ json: 'ok' })
    gate.open()
    expect((await slow).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(1)
    expect(agent.apiCalls()).toHaveLength(2)
  })

  it('may refresh once themselves when even that newer access token is refused', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answerApi(async () => {
      await gate.passed
      return agent.calls('refresh').length < 2 ? unauthorized : { json: 'ok' }
    })
    const slow = second.client.fetch(ORDERS)
    await settle()
    await first.client.refresh()
    gate.open()
    expect((await slow).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(2)
    expect(agent.apiCalls()).toHaveLength(3)
  })

  it('end when the agent says so after all, although only other tabs have refreshed', async () => {
    const { agent, first, second } = await openTabs()
    agent.answerApi(async () => {
      await first.client.refresh()
      return unauthorized
    })
    agent.answer('session', signedOut)
    await expect(second.client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(second.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(agent.apiCalls()).toHaveLength(3)
    expect(agent.calls('refresh')).toHaveLength(3)
  })

  it('all know when the new access token expires, and tell their apps', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('refresh', { json: { access_token_expires_in: 900 } })
    await first.client.refresh()
    await settle()
    expect(second.client.getSnapshot()).toEqual(first.client.getSnapshot())
    expect(second.events).toEqual(['sessionStarted', 'refreshed'])
    second.tab.advance(300_000)
    await second.client.fetch(ORDERS)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('refresh once more when the tab that did it is closed half-way', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => refreshed))
    void first.client.refresh()
    const waiting = second.client.refresh()
    await settle()
    expect(agent.calls('refresh')).toHaveLength(1)
    first.tab.close()
    await settle()
    expect(agent.calls('refresh')).toHaveLength(2)
    gate.open()
    await expect(waiting).resolves.toBeUndefined()
    expect(agent.calls('refresh').every(({ keepalive }) => keepalive)).toBe(true)
  })

  it('wait for each other 20 seconds, and not for ever', async () => {
    const { agent, browser, first, second } = await openTabs()
    // A frozen page of this origin sits on the lock.
    void browser.openPage().requestLock(PREFIX, {}, () => createGate().passed)
    await settle()
    const refreshing = [first.client.refresh(), second.client.refresh()]
    await settle()
    browser.advance(19_999)
    await settle()
    expect(agent.calls('refresh')).toHaveLength(0)
    browser.advance(1)
    await Promise.all(refreshing)
    // The worst case without the lock: one more than needed.
    expect(agent.calls('refresh').length).toBeLessThanOrEqual(2)
  })

  it('look again at what others have done after such a wait', async () => {
    const { agent, browser, first, second } = await openTabs()
    refuseUntilRefreshed(agent)
    void browser.openPage().requestLock(PREFIX, {}, () => createGate().passed)
    await settle()
    const call = second.client.fetch(ORDERS)
    await settle()
    browser.advance(10_000)
    const refreshing = first.client.refresh()
    await settle()
    browser.advance(10_000)
    await settle()
    browser.advance(10_000)
    await refreshing
    expect((await call).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('hold the lock for the request alone, and not while the app hears of it', async () => {
    const { first, second } = await openTabs()
    const wasFree: boolean[] = []
    first.client.on('refreshed', () => {
      const look = async (lock: unknown) => void wasFree.push(lock !== null)
      void second.tab.platform.requestLock(PREFIX, { ifAvailable: true }, look)
    })
    await first.client.refresh()
    await settle()
    expect(wasFree).toEqual([true])
  })

  it('hear from the lock what storage and messages have not brought yet', async () => {
    let isLate = false
    const { agent, first, second } = await openTabs({}, {}, 2, (arrive) => {
      if (!isLate) queueMicrotask(arrive)
    })
    isLate = true
    refuseUntilRefreshed(agent)
    const refreshing = first.client.refresh()
    const call = second.client.fetch(ORDERS)
    await refreshing
    expect((await call).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(1)
  })
})
