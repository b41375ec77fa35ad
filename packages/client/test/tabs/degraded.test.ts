// Browsers that lack what tabs use to agree.
import { describe, expect, it } from 'vitest'
import { ORDERS, unauthorized } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import type { Lacks } from '../support/fake-browser.ts'
import { createGate, settle } from '../support/gate.ts'
import { openSignedInPage } from '../support/page.ts'
import { openTabs, refuseUntilRefreshed } from '../support/tabs.ts'

const refreshed = { json: { access_token_expires_in: 300 } }

async function passTime(browser: { advance: (milliseconds: number) => void }, seconds: number) {
  for (let tenths = 0; tenths < seconds * 10; tenths += 1) {
    browser.advance(100)
    await settle()
  }
}

describe.each<[string, Lacks]>([
  ['storage', { storage: true }],
  ['a channel', { channel: true }],
])('without %s', (_, lacks) => {
  it('tabs refresh once all the same', async () => {
    const { agent, tabs } = await openTabs({}, lacks)
    refuseUntilRefreshed(agent)
    await settle()
    const calls = await Promise.all(tabs.map(({ client }) => client.fetch(ORDERS)))
    expect(calls.map(({ status }) => status)).toEqual([200, 200])
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('tabs hear of a sign-out all the same', async () => {
    const { agent, first, second } = await openTabs({}, lacks)
    agent.answer('session', { json: { is_logged_in: false } })
    await first.client.logout()
    await settle()
    expect(second.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })
})

describe('without locks', () => {
  const lacks = { locks: true }

  it('a tab tells the others that it refreshes, and they wait for it', async () => {
    const { agent, browser, first, second } = await openTabs({}, lacks)
    const gate = createGate()
    let isRefreshed = false
    agent.answerApi(() => (isRefreshed ? { json: 'ok' } : unauthorized))
    agent.answer('refresh', async () => {
      await gate.passed
      isRefreshed = true
      return refreshed
    })
    const calls = [first.client.fetch(ORDERS)]
    await settle()
    await passTime(browser, 0.1)
    calls.push(second.client.fetch(ORDERS))
    await passTime(browser, 1)
    expect(agent.calls('refresh')).toHaveLength(1)
    gate.open()
    await passTime(browser, 0.2)
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200])
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('a refresh is a real one, also when news of the session overtakes it', async () => {
    const browser = createFakeBrowser(lacks)
    // The page has found its session, and waits for its turn to tell the others.
    const { agent, client } = await openSignedInPage({}, browser)
    const refreshing = client.refresh()
    await passTime(browser, 1)
    await refreshing
    expect(agent.calls('refresh')).toHaveLength(1)
  })

  it('one that is closed half-way keeps the others waiting no longer than its request', async () => {
    const { agent, browser, first, second } = await openTabs({}, lacks)
    agent.answer('refresh', () => createGate().passed.then(() => refreshed))
    void first.client.refresh()
    await passTime(browser, 0.2)
    first.tab.close()
    agent.answer('refresh', refreshed)
    const refreshing = second.client.refresh()
    await passTime(browser, 16)
    await expect(refreshing).resolves.toBeUndefined()
  })

  it('within one tab, a sign-out waits for a refresh', async () => {
    const { agent, browser, first } = await openTabs({}, lacks)
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => refreshed))
    const refreshing = first.client.refresh()
    const leaving = first.client.logout()
    await passTime(browser, 0.5)
    expect(agent.calls('logout')).toHaveLength(0)
    gate.open()
    await passTime(browser, 0.2)
    await Promise.all([refreshing, leaving])
    expect(agent.calls('logout')).toHaveLength(1)
  })
})

it('without anything a tab works alone', async () => {
  const lacks = { locks: true, channel: true, storage: true }
  const { agent, browser, first } = await openTabs({}, lacks, 1)
  refuseUntilRefreshed(agent)
  const calls = [first.client.fetch(ORDERS), first.client.fetch(ORDERS)]
  await passTime(browser, 0.2)
  expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200])
  expect(agent.calls('refresh')).toHaveLength(1)
})
