// The silent sign-in: at most once, and never against the user's will.
import { describe, expect, it } from 'vitest'
import { createSilentLogin } from '../../src/silent-login.ts'
import { networkError } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { FLAG, HOME, openPage, openSignedInPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'
import { withoutStorage } from '../support/without-storage.ts'

const silently = (page: Page) => createSilentLogin(page.client, page.tab.platform)

async function trySilently(page: Page, loginSilently = silently(page)): Promise<number> {
  const before = page.tab.navigations.length
  void loginSilently({ returnTo: '/orders' })
  await settle()
  return page.tab.navigations.length - before
}

async function openAnonymousPage(page = openPage()): Promise<Page> {
  await page.client.load()
  return page
}

describe('a silent sign-in', () => {
  it('asks the authorization server to show nothing', async () => {
    const page = await openAnonymousPage()
    void silently(page)({ parameters: { ui_locales: 'sv' } })
    await settle()
    expect(page.agent.calls('startLogin').map(({ body }) => body)).toEqual([
      'ui_locales=sv&prompt=none',
    ])
  })

  it('that finds no user ends signed out, with the reason, and is not tried again', async () => {
    const page = await openAnonymousPage()
    expect(await trySilently(page)).toBe(1)
    const back = page.open(`${HOME}?error=login_required&state=s1`)
    back.agent.answer('endLogin', { status: 401, json: { error_code: 'login_required' } })
    const { session, returnTo } = await back.client.load()
    expect(session).toEqual({ status: 'unauthenticated', reason: 'login-required' })
    expect(returnTo).toBe('/orders')
    await expect(silently(back)()).resolves.toBeUndefined()
    const later = await openAnonymousPage(back.open(HOME))
    expect(await trySilently(later)).toBe(0)
    later.tab.advance(3_600_000)
    expect(await trySilently(await openAnonymousPage(later.open(HOME)))).toBe(0)
  })

  it('is tried by one tab in five minutes', async () => {
    const page = await openAnonymousPage()
    expect(await trySilently(page)).toBe(1)
    // Another tab has the same localStorage, and no sessionStorage yet.
    page.tab.sessionStorage.clear()
    page.tab.advance(299_999)
    expect(await trySilently(await openAnonymousPage(page.open(HOME)))).toBe(0)
    page.tab.advance(1)
    expect(await trySilently(await openAnonymousPage(page.open(HOME)))).toBe(1)
  })

  it('is not tried while somebody is signed in, or while it is not known', async () => {
    expect(await trySilently(openPage())).toBe(0)
    expect(await trySilently(await openSignedInPage())).toBe(0)
  })

  it('is not tried right after a sign-in that has failed', async () => {
    const page = openPage({ callbackPath: '/callback' }, `${HOME}callback?error=e&state=s1`)
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'access_denied' } })
    expect(await trySilently(await openAnonymousPage(page))).toBe(0)
  })

  it('never undoes a sign-out, on the page or on the next one', async () => {
    const page = await openSignedInPage()
    const loginSilently = silently(page)
    await page.client.logout()
    expect(await trySilently(page, loginSilently)).toBe(0)
    page.tab.localStorage.delete(FLAG)
    page.agent.answer('session', { json: { is_logged_in: false } })
    expect(await trySilently(await openAnonymousPage(page.open(HOME)))).toBe(0)
  })

  it('is not used up by a frame, which cannot leave for it', async () => {
    const page = await openAnonymousPage()
    page.tab.setTopLevel(false)
    await expect(silently(page)()).rejects.toMatchObject({ code: 'not_top_level' })
    page.tab.setTopLevel(true)
    // The page that the frame is in, or another tab.
    expect(await trySilently(page)).toBe(1)
  })

  it('is tried in a frame whose client may leave', async () => {
    const page = await openAnonymousPage()
    page.tab.setTopLevel(false)
    const { client } = page.createAnother((platform) => ({ ...platform, isTopLevel: () => true }))
    await client.load()
    void createSilentLogin(client, page.tab.platform)()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
  })

  it('is not tried where the browser keeps nothing: nobody would know that it was', async () => {
    const page = await openAnonymousPage(openPage().createAnother(withoutStorage))
    await createSilentLogin(page.client, withoutStorage(page.tab.platform))()
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(page.agent.calls('startLogin')).toEqual([])
    expect(page.events).toEqual([])
  })

  it('that cannot be started rejects for who waits', async () => {
    const page = await openAnonymousPage()
    page.agent.answer('startLogin', networkError)
    await expect(silently(page)()).rejects.toMatchObject({ code: 'agent_unreachable' })
  })
})
