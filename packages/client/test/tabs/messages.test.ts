// What tabs say to each other, and what they do not listen to.
import { describe, expect, it } from 'vitest'
import { signedOut } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { FLAG, PREFIX } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'

describe('tabs', () => {
  it('answer no message with another, except where one asks for the session', async () => {
    const { browser, first } = await openTabs({}, {}, 3)
    const before = browser.messages.length
    await first.client.refresh()
    await settle()
    expect(browser.messages.slice(before)).toMatchObject([{ type: 'refreshed' }])
  })

  it('write no claims to storage, and say none but when a tab asks for the session', async () => {
    const { agent, browser, first } = await openTabs()
    agent.answer('session', signedOut)
    await first.client.refresh()
    await first.client.logout()
    await settle()
    expect(JSON.stringify([...browser.localStorage])).not.toContain('alice')
    const others = browser.messages.filter(
      (message) => !JSON.stringify(message).includes('"session"'),
    )
    expect(JSON.stringify(others)).not.toContain('alice')
  })

  it.each([
    [
      'of another version',
      { v: 2, type: 'signed-out', tabId: 'x', epoch: 9, since: 9, renewedAt: 0 },
    ],
    ['without an epoch', { v: 1, type: 'signed-out', tabId: 'x', since: 9, renewedAt: 0 }],
    [
      'of an older epoch',
      { v: 1, type: 'signed-out', tabId: 'x', epoch: 0, since: 0, renewedAt: 0 },
    ],
    ['of a type they do not know', { v: 1, type: 'later', tabId: 'x', epoch: 1 }],
    ['that is no object', 'signed-out'],
  ])('ignore a message %s', async (_, message) => {
    const { browser, first } = await openTabs()
    browser
      .openPage()
      .openChannel(PREFIX, () => {})
      ?.post(message)
    await settle()
    expect(first.client.getSnapshot().status).toBe('authenticated')
    await expect(first.client.refresh()).resolves.toBeUndefined()
  })

  it('survive nonsense in storage', async () => {
    const { browser, first } = await openTabs()
    browser.localStorage.set(`${PREFIX}:session`, '{"epoch":')
    await expect(first.client.refresh()).resolves.toBeUndefined()
    expect(browser.localStorage.get(FLAG)).toMatch(/^true:/)
  })
})
