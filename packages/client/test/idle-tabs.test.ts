// Users who have gone away, and those who have not: they work in another tab, or have just signed in.
import { describe, expect, it, vi } from 'vitest'
import { signedIn, signedOut } from './support/fake-agent.ts'
import { settle } from './support/gate.ts'
import { letSecondsPass, openTwoTabs, watchIdle } from './support/idle.ts'
import { HOME, openPage, openSignedInPage } from './support/page.ts'
import type { Page } from './support/page.ts'

const statusOf = ({ client }: Page) => client.getSnapshot().status

describe('a user of several tabs', () => {
  it('who types without a pause in one is idle in none', async () => {
    const { one, other } = await openTwoTabs()
    const onIdle = vi.fn()
    watchIdle(one, { onIdle })
    const typing = watchIdle(other, { onIdle })
    for (let key = 0; key < 100; key += 1) {
      one.tab.advance(500)
      typing.act()
      await settle()
    }
    expect(onIdle).not.toHaveBeenCalled()
  })

  it('who types writes it once a second, and not at every key', async () => {
    const page = await openSignedInPage()
    const set = vi.spyOn(page.tab.localStorage, 'set')
    const { act } = watchIdle(page)
    for (let key = 0; key < 100; key += 1) {
      page.tab.advance(100)
      act()
    }
    // That of the page load, too.
    expect(set).toHaveBeenCalledTimes(11)
  })

  it('who opens another is not signed out by those from before', async () => {
    const { one, other } = await openTwoTabs()
    watchIdle(one)
    await letSecondsPass(one, 9)
    const { told } = watchIdle(other)
    await settle()
    await letSecondsPass(other, 6)
    expect(statusOf(other)).toBe('authenticated')
    expect(told).toEqual([])
    await letSecondsPass(other, 4)
    expect(statusOf(other)).toBe('unauthenticated')
    expect(told).toEqual([3, 2, 1, undefined])
  })

  it('who comes back in one ends the countdown of the others at once', async () => {
    const { one, other } = await openTwoTabs()
    const { told } = watchIdle(one)
    const { act } = watchIdle(other)
    await letSecondsPass(one, 8)
    act()
    await settle()
    expect(told).toEqual([3, 2, undefined])
  })
})

describe('a sign-in', () => {
  it('on a page where the last user was watched starts anew', async () => {
    const page = await openSignedInPage()
    watchIdle(page)
    await letSecondsPass(page, 6)
    page.agent.answer('session', signedOut)
    await page.client.session()
    page.agent.answer('session', signedIn)
    await page.client.session()
    await letSecondsPass(page, 9)
    expect(statusOf(page)).toBe('authenticated')
    await letSecondsPass(page, 1)
    expect(statusOf(page)).toBe('unauthenticated')
  })

  it('of a page that is only prerendered is no activity, until somebody sees the page', async () => {
    const before = openPage()
    before.agent.answer('session', signedIn)
    before.tab.prerender()
    const page = before.open(HOME)
    await page.client.load()
    watchIdle(page)
    await letSecondsPass(page, 20)
    expect(page.tab.localStorage.get('token-handler:activity')).toBeUndefined()
    page.tab.activate()
    await settle()
    await letSecondsPass(page, 9)
    expect(statusOf(page)).toBe('authenticated')
    await letSecondsPass(page, 1)
    expect(statusOf(page)).toBe('unauthenticated')
  })
})
