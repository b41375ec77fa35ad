// A tab among others, whose messages may come late.
import { expect, it, vi } from 'vitest'
import { createTabs } from '../../src/tabs/tabs.ts'
import { createTracer } from '../../src/trace.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import type { Lacks } from '../support/fake-browser.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import { PREFIX } from '../support/page.ts'

function openTwo(lacks: Lacks = {}) {
  const late: (() => void)[] = []
  const browser = createFakeBrowser(lacks, (arrive) => void late.push(arrive))
  const open = (tabId: string) => {
    const { platform } = createFakeTab(fetch, undefined, browser)
    const tracer = createTracer(tabId, platform.now)
    const tabs = createTabs(platform, PREFIX, tabId, tracer)
    const follow = vi.fn()
    tabs.open({ follow, handOver: () => undefined, remind: () => {}, doubt: () => {} })
    return { tabs, follow }
  }
  const arrive = () => {
    for (const each of late.splice(0)) each()
  }
  return { one: open('one'), other: open('other'), late, arrive }
}

it('follows what is newest, and not a notice that it has overtaken itself', () => {
  // So that only messages tell.
  const { one, other, arrive } = openTwo({ storage: true })
  const ended = one.tabs.publish('signed-out')
  // As the lock tells it.
  other.tabs.adoptNotice(JSON.stringify(ended))
  const begun = other.tabs.publish('signed-in')
  expect(begun.epoch).toBe(ended.epoch + 1)
  arrive()
  expect(other.follow.mock.calls).toEqual([[begun, 0]])
  expect(one.follow.mock.calls).toEqual([[begun, ended.epoch]])
})

it.each<[string, Lacks]>([
  ['storage', { channel: true }],
  ['messages', { storage: true }],
  ['both', {}],
])('lets no older notice override a newer one that has arrived before it, by %s', (_, lacks) => {
  const { one, other, late } = openTwo(lacks)
  one.tabs.publish('signed-in')
  const ended = one.tabs.publish('signed-out')
  for (const arrive of late.toReversed()) arrive()
  expect(other.follow.mock.calls).toEqual([[ended, 0]])
  expect(other.tabs.latest()).toEqual(ended)
})

it('follows the end of a session rather than what another tab has told in the same epoch', () => {
  const { one, other, arrive } = openTwo()
  // Both have waited for the lock for too long.
  one.tabs.publish('refreshed')
  const ended = other.tabs.publish('expired')
  arrive()
  expect(one.follow.mock.calls).toEqual([[ended, 0]])
  expect(other.follow).not.toHaveBeenCalled()
  expect([one, other].map(({ tabs }) => tabs.latest())).toEqual([ended, ended])
})

it('believes a message, not what storage has not heard of yet', () => {
  const { one, other, late, arrive } = openTwo()
  one.tabs.publish('signed-in')
  arrive()
  const ended = one.tabs.publish('signed-out')
  // The message was posted last.
  late.pop()?.()
  expect(other.tabs.latest()).toEqual(ended)
})

it('follows a notice once, whichever way it comes', () => {
  const { one, other, arrive } = openTwo()
  one.tabs.publish('refreshed')
  arrive()
  other.tabs.catchUp()
  expect(other.follow).toHaveBeenCalledTimes(1)
  expect(one.follow).not.toHaveBeenCalled()
})
