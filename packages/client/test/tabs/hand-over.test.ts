// A second tab, opened while the first is alive.
import { describe, expect, it } from 'vitest'
import { createTokenHandlerClient } from '../../src/index.ts'
import * as z from 'zod/mini'
import { AGENT_URL, networkError, signedIn, signedOut } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createFakeTab, START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { alice, FLAG, openPage, openSignedInPage, PREFIX } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

const timed = {
  json: { ...signedIn.json, session_expires_in: 3600, is_device_bound: true },
}

describe('a new tab', () => {
  it('gets the session from one that is open, and asks the agent nothing', async () => {
    const browser = createFakeBrowser()
    const first = openPage({}, undefined, browser)
    first.agent.answer('session', timed)
    await first.client.load()
    const second = first.openTab()
    expect((await second.client.load()).session).toEqual({
      ...alice,
      sessionExpiresAt: START + 3_600_000,
      isDeviceBound: true,
    })
    expect(first.agent.allCalls()).toHaveLength(1)
    expect(second.events).toEqual(['sessionStarted'])
  })

  it('does not make the flag younger, which says when the agent was last asked', async () => {
    const { browser, second } = await openTabs()
    browser.advance(10_000)
    await second.openTab().client.load()
    expect(browser.localStorage.get(FLAG)).toBe(`true:${START}`)
  })

  it('asks the agent when nobody answers within 50 milliseconds', async () => {
    const { agent, browser, first, second } = await openTabs()
    first.tab.close()
    second.tab.close()
    const third = first.openTab()
    const loading = third.client.load()
    await settle()
    browser.advance(49)
    await settle()
    expect(agent.calls('session')).toHaveLength(1)
    browser.advance(1)
    expect((await loading).session).toMatchObject({ claims: { sub: 'alice' } })
    expect(agent.calls('session')).toHaveLength(2)
  })

  it('asks the agent while a sign-out is under way, even if its tab has died', async () => {
    const { agent, browser, first, second } = await openTabs()
    agent.answer('logout', () => createGate().passed.then(() => ({ json: {} })))
    void first.client.logout()
    await settle()
    first.tab.close()
    agent.answer('session', signedOut)
    const third = second.openTab()
    const loading = third.client.load()
    await settle()
    browser.advance(50)
    expect((await loading).session.status).toBe('unauthenticated')
    await settle()
    expect(third.events).toEqual([])
    expect(second.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('checks the claims with its own schema, and asks the agent when they do not fit', async () => {
    const { agent, browser } = await openTabs()
    const tab = createFakeTab(agent.fetch, undefined, browser)
    const client = createTokenHandlerClient({
      agentUrl: AGENT_URL,
      apiUrls: [],
      claims: z.object({ email: z.string() }),
      platform: tab.platform,
    })
    const { session } = await client.load()
    expect(session).toMatchObject({ status: 'error', error: { code: 'contract_violation' } })
    expect(agent.calls('session')).toHaveLength(2)
  })

  it.each([
    ['is of another version', { v: 2 }],
    ['is of an older epoch', { epoch: 0 }],
    ['has no claims', { claims: undefined }],
    ['has claims that are none', { claims: 'alice' }],
    ['has an end that is no number', { sessionExpiresAt: 'soon' }],
  ])('asks the agent when the answer %s', async (_, flaw) => {
    const { agent, browser, first, second } = await openTabs()
    await first.client.refresh()
    first.tab.close()
    second.tab.close()
    const channel = browser.openPage().openChannel(PREFIX, () => {
      const claims = { sub: 'mallory' }
      channel?.post({ v: 1, tabId: 'x', type: 'session', epoch: 9, claims, ...flaw })
    })
    const third = first.openTab()
    const loading = third.client.load()
    await settle()
    browser.advance(50)
    expect((await loading).session).toMatchObject({ claims: { sub: 'alice' } })
    expect(agent.calls('session')).toHaveLength(2)
  })

  it('asks the agent when the only other tab does not know for sure itself', async () => {
    const browser = createFakeBrowser()
    const first = await openSignedInPage({}, browser)
    first.agent.answer('session', networkError)
    await first.client.session().catch(() => {})
    expect(first.client.getSnapshot()).toMatchObject({ stale: true })
    const second = first.openTab()
    first.agent.answer('session', signedIn)
    const loading = second.client.load()
    await settle()
    browser.advance(50)
    await loading
    expect(first.agent.calls('session')).toHaveLength(3)
  })

  it('asks the agent itself when somebody signs out while it is told of the session', async () => {
    const { agent, browser, first, second } = await openTabs()
    agent.answer('session', signedOut)
    const third = first.openTab()
    const loading = third.client.load()
    const leaving = second.client.logout()
    await settle()
    browser.advance(50)
    await Promise.all([loading, leaving])
    await settle()
    expect(third.client.getSnapshot().status).toBe('unauthenticated')
  })
})
