// Apps that sign in by themselves must not do it in circles.
import { describe, expect, it } from 'vitest'
import type { Platform } from '../../src/index.ts'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { HOME, openPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { withoutStorage } from '../support/without-storage.ts'

/** A page load that finds nobody signed in, and signs in without being asked to. */
async function signInByItself(page: Page): Promise<Page> {
  const next = page.open(HOME)
  await next.client.load()
  void next.client.login().catch(() => {})
  await settle()
  return next
}

describe('a third sign-in within a minute', () => {
  it('that nobody has asked for is refused, and the session says so', async () => {
    const first = await signInByItself(openPage())
    const second = await signInByItself(first)
    second.tab.advance(59_999)
    const third = second.open(HOME)
    await third.client.load()
    await expect(third.client.login()).rejects.toMatchObject({ code: 'login_loop' })
    expect(third.client.getSnapshot()).toMatchObject({
      status: 'error',
      error: { code: 'login_loop', retryable: false },
    })
    expect(third.events).toEqual(['error'])
    expect(third.agent.calls('startLogin')).toHaveLength(2)
    expect(third.tab.navigations).toHaveLength(2)
  })

  it('is fine when the user clicks', async () => {
    const second = await signInByItself(await signInByItself(openPage()))
    second.tab.click()
    await signInByItself(second)
    expect(second.tab.navigations).toHaveLength(3)
  })

  it('is fine when a minute has passed since the first', async () => {
    const second = await signInByItself(await signInByItself(openPage()))
    second.tab.advance(60_000)
    await signInByItself(second)
    expect(second.tab.navigations).toHaveLength(3)
  })

  it('is fine when there was a session in between', async () => {
    const second = await signInByItself(await signInByItself(openPage()))
    const page = second.open(HOME)
    page.agent.answer('session', signedIn)
    await page.client.session()
    page.agent.answer('session', { json: { is_logged_in: false } })
    await signInByItself(page)
    expect(page.tab.navigations).toHaveLength(3)
  })

  it('counts only those that have left the page', async () => {
    const page = openPage()
    page.agent.answer('startLogin', networkError)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(page.client.login()).rejects.toMatchObject({ code: 'agent_unreachable' })
    }
  })

  it('still can be asked for after the refusal, by a click', async () => {
    const second = await signInByItself(await signInByItself(openPage()))
    const third = second.open(HOME)
    await expect(third.client.login()).rejects.toMatchObject({ code: 'login_loop' })
    third.tab.click()
    void third.client.login()
    await settle()
    expect(third.tab.navigations).toHaveLength(3)
  })
})

describe('in a browser that does not keep what the tab has to remember', () => {
  const full = (platform: Platform): Platform => ({
    ...platform,
    sessionStorage: { ...platform.sessionStorage, set: () => {} },
  })

  it.each([
    ['because its storage is blocked', withoutStorage],
    ['because its storage is full', full],
  ])('%s, a sign-in that nobody has asked for is refused', async (_, change) => {
    const page = openPage().createAnother(change)
    await page.client.load()
    await expect(page.client.login()).rejects.toMatchObject({ code: 'login_loop' })
    expect(page.client.getSnapshot()).toMatchObject({
      status: 'error',
      error: { code: 'login_loop', operation: 'startLogin' },
    })
    expect(page.events).toEqual(['error'])
    expect(page.tab.navigations).toEqual([])
  })

  it('a stronger sign-in of a signed-in user starts all the same', async () => {
    const page = openPage().createAnother(withoutStorage)
    page.agent.answer('session', signedIn)
    await page.client.load()
    void page.client.login({ parameters: { acr_values: 'mfa' } })
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })

  it('a sign-in that the user asks for starts all the same', async () => {
    const page = openPage().createAnother(withoutStorage)
    page.tab.click()
    void page.client.login()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
  })

  it('one of a browser that does not say whether the user has clicked starts, too', async () => {
    const page = openPage().createAnother((platform) => ({
      ...withoutStorage(platform),
      isUserActive: () => undefined,
    }))
    void page.client.login()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
  })
})
