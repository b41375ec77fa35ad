// What the other tabs do when the user signs out, signs in, or is another one.
import { describe, expect, it } from 'vitest'
import { networkError, ORDERS, signedIn, signedOut, unauthorized } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { HOME, PREFIX } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

const bob = { json: { is_logged_in: true, id_token_claims: { sub: 'bob' } } }
const signedOutSession = { status: 'unauthenticated', reason: 'signed-out' }

describe('a sign-out in another tab', () => {
  it('drops the claims at once, says where it was, and is confirmed by the agent', async () => {
    const { agent, first, second } = await openTabs()
    const origins: string[] = []
    first.client.on('signedOut', ({ origin }) => origins.push(`first: ${origin}`))
    second.client.on('signedOut', ({ origin }) => origins.push(`second: ${origin}`))
    agent.answer('session', signedOut)
    const before = agent.calls('session').length
    await first.client.logout()
    await settle()
    expect(second.client.getSnapshot()).toEqual(signedOutSession)
    expect(origins.toSorted()).toEqual(['first: this-tab', 'second: other-tab'])
    expect(agent.calls('session').length).toBe(before + 1)
  })

  it('stops the refresh that waits for it', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answer('logout', () => gate.passed.then(() => ({ json: {} })))
    agent.answer('session', signedOut)
    agent.answerApi(unauthorized)
    const leaving = first.client.logout()
    await settle()
    const call = second.client.fetch(ORDERS)
    await settle()
    gate.open()
    await expect(call).rejects.toMatchObject({ code: 'session_expired' })
    await leaving
    expect(agent.calls('refresh')).toHaveLength(0)
    expect(second.client.getSnapshot()).toEqual(signedOutSession)
  })

  it('waits for the refresh under way', async () => {
    const { agent, first, second } = await openTabs()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => ({ json: {} })))
    agent.answer('session', signedOut)
    const refreshing = second.client.refresh()
    await settle()
    const leaving = first.client.logout()
    await settle()
    expect(agent.calls('logout')).toHaveLength(0)
    gate.open()
    await Promise.all([refreshing, leaving])
    await settle()
    expect(second.client.getSnapshot()).toEqual(signedOutSession)
  })

  it('is heard of by the next holder of the lock, although it had to do without the lock', async () => {
    let isLate = false
    const { agent, browser, first, second } = await openTabs({}, {}, 2, (arrive) => {
      if (!isLate) queueMicrotask(arrive)
    })
    isLate = true
    const frozen = createGate()
    void browser.openPage().requestLock(PREFIX, {}, () => frozen.passed)
    await settle()
    const leaving = first.client.logout()
    await settle()
    browser.advance(20_000)
    await leaving
    frozen.open()
    agent.answer('session', signedOut)
    await expect(second.client.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it('that fails changes nothing', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('logout', networkError)
    await expect(first.client.logout()).rejects.toMatchObject({ code: 'agent_unreachable' })
    await settle()
    expect(second.client.getSnapshot().status).toBe('authenticated')
    await expect(second.client.refresh()).resolves.toBeUndefined()
  })

  it('that fails after one that succeeded lets no refresh begin', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('session', signedOut)
    await first.client.logout()
    agent.answer('logout', networkError)
    await second.client.logout().catch(() => {})
    const third = first.openTab()
    await expect(third.client.refresh()).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.calls('refresh')).toHaveLength(0)
  })

  it.each([
    ['is asked first, and a session that is gone is gone', signedOut, 'session_expired', 0],
    [
      'is asked first, and nothing is known when it does not answer',
      networkError,
      'refresh_unavailable',
      0,
    ],
  ] as const)('whose tab died on the way: the agent %s', async (_, answer, code, refreshes) => {
    const { agent, first, second } = await openTabs()
    agent.answer('logout', () => createGate().passed.then(() => ({ json: {} })))
    void first.client.logout()
    await settle()
    first.tab.close()
    agent.answer('session', answer)
    await expect(second.client.refresh()).rejects.toMatchObject({ code })
    expect(agent.calls('refresh')).toHaveLength(refreshes)
  })

  it('whose tab died before the agent knew is forgotten once the agent says so', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('logout', () => createGate().passed.then(() => ({ json: {} })))
    void first.client.logout()
    await settle()
    first.tab.close()
    agent.answerApi(() => (agent.calls('refresh').length === 0 ? unauthorized : { json: 'ok' }))
    expect((await second.client.fetch(ORDERS)).status).toBe(200)
    expect(agent.calls('refresh')).toHaveLength(1)
  })
})

describe('a session that has ended by itself', () => {
  it('ends in every tab, which each say so once', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('refresh', { status: 401, json: { error_code: 'session_expired' } })
    agent.answer('session', signedOut)
    await first.client.refresh().catch(() => {})
    await settle()
    for (const { client, events } of [first, second]) {
      expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
      expect(events).toEqual(['sessionStarted', 'sessionExpired'])
    }
  })
})

describe('a sign-in in another tab', () => {
  it('is found by the tabs that were signed out', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('session', signedOut)
    await first.client.logout()
    await settle()
    void first.client.login()
    await settle()
    agent.answer('session', signedIn)
    await first.open(`${HOME}?code=c&state=s1`).client.load()
    await settle()
    expect(second.client.getSnapshot()).toMatchObject({ claims: { sub: 'alice' } })
  })

  it('of another user is told before their claims can be seen', async () => {
    const { agent, first, second } = await openTabs()
    const seen: unknown[] = []
    second.client.on('userChanged', (users) => seen.push(users, second.client.getSnapshot()))
    void first.client.login()
    await settle()
    agent.answer('endLogin', bob)
    agent.answer('session', bob)
    await first.open(`${HOME}?code=c&state=s1`).client.load()
    await settle()
    expect(seen).toMatchObject([
      { previous: { sub: 'alice' }, current: { sub: 'bob' } },
      { claims: { sub: 'alice' } },
    ])
    expect(second.client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
    expect(second.events).toEqual(['sessionStarted', 'userChanged'])
  })

  it('that another origin has done is passed on by the tab that notices', async () => {
    const { agent, first, second } = await openTabs()
    agent.answer('session', bob)
    await first.client.session()
    await settle()
    expect(second.client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
  })
})
