// A page that is only prerendered: nobody has seen it, and maybe nobody will. It may ask, and changes nothing.
import { describe, expect, it } from 'vitest'
import { createSilentLogin } from '../../src/silent-login.ts'
import { expireAccessToken, ORDERS, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { alice, FLAG, HOME, openPage, openSignedInPage, PREFIX } from '../support/page.ts'
import type { Page } from '../support/page.ts'

/** Longer than a tab waits for the lock. */
const LONG = 24_000

/** The next page of the tab is prerendered. */
function prerender(from: Page, url = HOME): Page {
  from.tab.prerender()
  return from.open(url)
}

async function pass(page: Page): Promise<void> {
  for (let second = 0; second < LONG / 1_000; second += 1) {
    page.tab.advance(1_000)
    await settle()
  }
}

const LAST_USER = `${PREFIX}:lastUser:/`
const userOf = (sub: string) => ({ json: { is_logged_in: true, id_token_claims: { sub } } })

/** Alice was the last user; bob has signed in, and a prerendered page meets him. */
async function meetBob() {
  const last = await openSignedInPage()
  last.agent.answer('session', userOf('bob'))
  const page = prerender(last)
  await page.client.load()
  expect(page.client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
  return page
}

const operations = ({ agent }: Page) => agent.allCalls().map(({ operation }) => operation)

describe('a prerendered page', () => {
  it('may ask for the session, and writes nothing', async () => {
    const page = prerender(openPage())
    const written = new Map(page.tab.localStorage)
    await page.client.load()
    expect(operations(page)).toEqual(['session'])
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(page.tab.localStorage).toEqual(written)
    page.tab.activate()
    await settle()
    expect(page.tab.localStorage.get(FLAG)).toMatch(/^false:/)
  })

  it('of a signed-in user writes nothing either, until it is activated', async () => {
    const page = prerender(openPage())
    page.agent.answer('session', signedIn)
    await page.client.load()
    await pass(page)
    expect(page.client.getSnapshot()).toMatchObject({ status: 'authenticated' })
    expect([...page.tab.localStorage.keys()]).toEqual([])
    page.tab.activate()
    await settle()
    expect(page.tab.localStorage.get(FLAG)).toMatch(/^true:/)
    expect(page.tab.localStorage.has(LAST_USER)).toBe(true)
  })

  it('starts a sign-in when it is activated, and not before', async () => {
    const page = prerender(openPage())
    await page.client.load()
    void page.client.login()
    await pass(page)
    expect(operations(page)).toEqual(['session'])
    page.tab.activate()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
    // Its records are the tab's.
    page.agent.answer('endLogin', signedIn)
    const back = page.open(`${HOME}?code=c&state=s1`)
    expect((await back.client.load()).session.status).toBe('authenticated')
  })

  it('does not use up the silent sign-in', async () => {
    const page = prerender(openPage())
    await page.client.load()
    const loginSilently = createSilentLogin(page.client, page.tab.platform)
    void loginSilently()
    await pass(page)
    expect(operations(page)).toEqual(['session'])
    expect([...page.tab.localStorage.keys()]).toEqual([])
    page.tab.activate()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
  })

  it('ends a sign-in when it is activated, with the records of the tab', async () => {
    const before = openPage()
    void before.client.login({ returnTo: '/orders' })
    await settle()
    before.agent.answer('endLogin', signedIn)
    const page = prerender(before, `${HOME}?code=c&state=s1`)
    const loading = page.client.load()
    await pass(page)
    expect(page.agent.calls('endLogin')).toHaveLength(0)
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    page.tab.activate()
    const { session, returnTo } = await loading
    expect(session.status).toBe('authenticated')
    expect(returnTo).toBe('/orders')
    expect(page.tab.url()).toBe(HOME)
    // Used once: neither a reload nor another prerendered page uses it again.
    page.agent.answer('session', signedIn)
    await page.open(`${HOME}?code=c&state=s1`).client.load()
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('refreshes when it is activated, under the lock, and not after 20 seconds without', async () => {
    const page = prerender(openPage())
    page.agent.answer('session', signedIn)
    await page.client.load()
    expireAccessToken(page.agent)
    const phases: string[] = []
    page.client.on('trace', (step) => void (step.kind === 'lock' && phases.push(step.phase)))
    const call = page.client.fetch(ORDERS)
    await pass(page)
    expect(page.agent.calls('refresh')).toHaveLength(0)
    page.tab.activate()
    expect((await call).status).toBe(200)
    expect(page.agent.calls('refresh')).toHaveLength(1)
    expect(phases).not.toContain('unlocked')
  })

  it('signs out when it is activated', async () => {
    const page = prerender(openPage())
    page.agent.answer('session', signedIn)
    await page.client.load()
    expect(page.client.getSnapshot()).toEqual(alice)
    const loggingOut = page.client.logout()
    await pass(page)
    expect(page.agent.calls('logout')).toHaveLength(0)
    page.tab.activate()
    await loggingOut
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })

  it('waits for nothing once it is activated', async () => {
    const page = prerender(openPage())
    await page.client.load()
    page.tab.activate()
    void page.client.login()
    await settle()
    expect(page.tab.navigations).toHaveLength(1)
  })
})

describe('the next user of a browser, whom a prerendered page has met', () => {
  it('is announced to the page that is shown', async () => {
    const shown = (await meetBob()).openTab()
    await shown.client.load()
    expect(shown.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('stays on show when the page is activated, and is known from then on', async () => {
    const page = await meetBob()
    const seen: string[] = []
    page.client.subscribe(() => seen.push(page.client.getSnapshot().status))
    page.tab.activate()
    await settle()
    expect(seen).toEqual([])
    const next = page.openTab()
    await next.client.load()
    expect(next.events).toEqual(['sessionStarted'])
  })

  it('gives way to one whom a page that was shown has met since', async () => {
    const page = await meetBob()
    page.agent.answer('session', userOf('carol'))
    await page.openTab().client.load()
    const known = page.tab.localStorage.get(LAST_USER)
    page.tab.activate()
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    await settle()
    expect(page.client.getSnapshot()).toMatchObject({ claims: { sub: 'carol' } })
    expect(page.tab.localStorage.get(LAST_USER)).toBe(known)
  })
})
