// Apps clear localStorage, and browsers evict it: the tabs' common counter goes with it.
import { describe, expect, it } from 'vitest'
import { signedIn, signedOut } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { PREFIX } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'
import type { Tabs } from '../support/tabs.ts'

const KEY = `${PREFIX}:session`
const storedEpoch = ({ browser }: Tabs) =>
  (JSON.parse(browser.localStorage.get(KEY) ?? '{}') as { epoch?: number }).epoch

/** Tabs that have been used for a while. */
async function openUsedTabs(): Promise<Tabs> {
  const tabs = await openTabs()
  for (let time = 0; time < 3; time += 1) {
    await tabs.first.client.refresh()
    await settle()
  }
  tabs.browser.advance(5_000)
  await settle()
  return tabs
}

async function openThird({ first, browser }: Tabs): Promise<Page> {
  const third = first.openTab()
  const loading = third.client.load()
  await settle()
  browser.advance(50)
  await loading
  await settle()
  browser.advance(5_000)
  await settle()
  return third
}

const waysToLose: readonly [string, (tabs: Tabs) => void][] = [
  ['one of them has cleared it', ({ first }) => first.tab.clearStorage()],
  ['one of them has removed the entry', ({ first }) => first.tab.platform.localStorage.remove(KEY)],
  // No event tells of these.
  ['the browser has evicted it', ({ browser }) => browser.localStorage.clear()],
  [
    'the browser has evicted it, and the clock was set back an hour',
    ({ browser }) => {
      browser.localStorage.clear()
      browser.setClockForward(-3_600_000)
    },
  ],
]

describe.each(waysToLose)('tabs whose storage is lost: %s', (_, lose) => {
  it('follow a sign-out in a tab that has opened since', async () => {
    const tabs = await openUsedTabs()
    lose(tabs)
    await settle()
    const third = await openThird(tabs)
    tabs.agent.answer('session', signedOut)
    await third.client.logout()
    await settle()
    for (const { client } of [...tabs.tabs, third]) {
      expect(client.getSnapshot().status).toBe('unauthenticated')
    }
  })

  it('are followed by a tab that has opened since', async () => {
    const tabs = await openUsedTabs()
    lose(tabs)
    await settle()
    const third = await openThird(tabs)
    tabs.agent.answer('session', signedOut)
    await tabs.first.client.logout()
    await settle()
    expect(third.client.getSnapshot().status).toBe('unauthenticated')
  })

  it('follow a sign-in in a tab that has opened since', async () => {
    const tabs = await openUsedTabs()
    tabs.agent.answer('session', signedOut)
    await tabs.first.client.logout()
    await settle()
    lose(tabs)
    await settle()
    tabs.agent.answer('session', signedIn)
    const third = await openThird(tabs)
    // Unless the flag was forgotten, too, it says that nobody is signed in.
    await third.client.session()
    await settle()
    for (const { client } of tabs.tabs) expect(client.getSnapshot().status).toBe('authenticated')
  })
})

describe('the newest notice', () => {
  it('is written back by a tab that hears that it was cleared, once', async () => {
    const tabs = await openUsedTabs()
    const epoch = storedEpoch(tabs)
    const asked = tabs.agent.calls('session').length
    const third = await openThird(tabs)
    third.tab.clearStorage()
    await settle()
    expect(storedEpoch(tabs)).toBe(epoch)
    // Whether the session is still there, one tab asks.
    expect(tabs.agent.calls('session')).toHaveLength(asked + 1)
  })

  it('is not missed where there never was storage', async () => {
    const tabs = await openTabs({}, { storage: true })
    await tabs.first.client.refresh()
    await settle()
    const asked = tabs.agent.calls('session').length
    tabs.first.tab.clearStorage()
    await settle()
    expect(tabs.agent.calls('session')).toHaveLength(asked)
  })

  it('survives an app that clears storage when the user signs out', async () => {
    const tabs = await openUsedTabs()
    tabs.first.client.on('signedOut', () => tabs.first.tab.clearStorage())
    tabs.agent.answer('session', signedOut)
    await tabs.first.client.logout()
    await settle()
    expect(tabs.second.client.getSnapshot()).toEqual({
      status: 'unauthenticated',
      reason: 'signed-out',
    })
    expect(storedEpoch(tabs)).toBeGreaterThan(0)
  })
})

describe('a sign-out that is told again, because storage had lost it', () => {
  it('ends no session that has begun since, not even for a moment', async () => {
    const tabs = await openUsedTabs()
    tabs.agent.answer('session', signedOut)
    await tabs.first.client.logout()
    await settle()
    tabs.browser.advance(5_000)
    await settle()
    tabs.browser.localStorage.clear()
    tabs.browser.setClockForward(-3_600_000)
    tabs.agent.answer('session', signedIn)
    const third = await openThird(tabs)
    await settle()
    expect(third.events).not.toContain('signedOut')
    expect(third.events).not.toContain('sessionExpired')
    for (const { client } of [...tabs.tabs, third]) {
      expect(client.getSnapshot().status).toBe('authenticated')
    }
  })
})

describe('a sign-in in a tab that counts anew, because storage was evicted', () => {
  const begun = { v: 1, type: 'signed-in', tabId: 'x', renewedAt: 0 }

  it.each([
    ['before', 0],
    ['at the time of', 1],
    ['after', 2],
  ])('%s the notice that another tab knows is followed', async (_, offset) => {
    const tabs = await openUsedTabs()
    const epoch = (storedEpoch(tabs) ?? 0) - 1 + offset
    tabs.agent.answer('session', {
      json: { ...signedIn.json, id_token_claims: { sub: 'bob' } },
    })
    const channel = tabs.browser.openPage().openChannel(PREFIX, () => {})
    channel?.post({ ...begun, epoch, since: epoch })
    await settle()
    for (const { client } of tabs.tabs) {
      expect(client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
    }
  })

  it('is asked about once more where a question from before is under way', async () => {
    const tabs = await openUsedTabs()
    const gate = createGate()
    tabs.agent.answer('session', () => gate.passed.then(() => signedIn))
    const asking = tabs.first.client.session()
    await settle()
    const epoch = (storedEpoch(tabs) ?? 0) - 1
    const channel = tabs.browser.openPage().openChannel(PREFIX, () => {})
    channel?.post({ ...begun, epoch, since: epoch })
    await settle()
    tabs.agent.answer('session', {
      json: { ...signedIn.json, id_token_claims: { sub: 'bob' } },
    })
    gate.open()
    await asking
    await settle()
    for (const { client } of tabs.tabs) {
      expect(client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
    }
  })

  it('is not hidden from a tab that opens meanwhile by one that asks the agent about it', async () => {
    const tabs = await openUsedTabs()
    const gate = createGate()
    const answerBob = { json: { ...signedIn.json, id_token_claims: { sub: 'bob' } } }
    tabs.agent.answer('session', () => gate.passed.then(() => answerBob))
    const epoch = storedEpoch(tabs) ?? 0
    const channel = tabs.browser.openPage().openChannel(PREFIX, () => {})
    channel?.post({ ...begun, epoch, since: epoch })
    await settle()
    const third = tabs.first.openTab()
    const loading = third.client.load()
    await settle()
    expect(third.client.getSnapshot().status).toBe('loading')
    tabs.agent.answer('session', answerBob)
    tabs.browser.advance(50)
    expect((await loading).session).toMatchObject({ claims: { sub: 'bob' } })
    gate.open()
    await settle()
  })

  it('is asked about once, however late it arrives', async () => {
    const tabs = await openUsedTabs()
    const asked = tabs.agent.calls('session').length
    const epoch = (storedEpoch(tabs) ?? 0) - 1
    const channel = tabs.browser.openPage().openChannel(PREFIX, () => {})
    channel?.post({ ...begun, epoch, since: epoch })
    await settle()
    expect(tabs.agent.calls('session').length - asked).toBe(tabs.tabs.length)
  })
})

describe('two notices of one epoch', () => {
  it('of which one ends the session that the other one began: the end is followed', async () => {
    const { browser, first, second, agent } = await openTabs()
    const began = JSON.parse(browser.localStorage.get(KEY) ?? '') as { type: string }
    expect(began.type).toBe('signed-in')
    agent.answer('session', signedOut)
    // A tab that has opened since storage was evicted counts to the same number.
    const channel = browser.openPage().openChannel(PREFIX, () => {})
    channel?.post({ ...began, type: 'expired', tabId: 'x' })
    await settle()
    for (const { client } of [first, second]) {
      expect(client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    }
  })
})
