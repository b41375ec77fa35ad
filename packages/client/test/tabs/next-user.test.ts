// Another user than the last one, when no page was open between the two.
import { describe, expect, it } from 'vitest'
import { signedIn, signedOut } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { HOME, openPage, openSignedInPage, PREFIX } from '../support/page.ts'

const bob = { json: { is_logged_in: true, id_token_claims: { sub: 'bob', name: 'Bob' } } }

describe('the next user of a browser', () => {
  it('is announced on the first page they open, before they can be seen', async () => {
    const last = await openSignedInPage()
    last.agent.answer('session', bob)
    const next = last.open(HOME)
    const seen: unknown[] = []
    next.client.on('userChanged', (users) => seen.push(users, next.client.getSnapshot()))
    await next.client.load()
    expect(seen).toEqual([
      { previous: undefined, current: { sub: 'bob', name: 'Bob' } },
      { status: 'loading' },
    ])
    expect(next.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('is announced after a sign-out whose page has gone', async () => {
    const last = await openSignedInPage()
    await last.client.logout()
    last.agent.answer('session', signedOut)
    const between = last.open(HOME)
    await between.client.load()
    void between.client.login()
    await settle()
    between.agent.answer('endLogin', bob)
    const next = between.open(`${HOME}?code=c&state=s1`)
    await next.client.load()
    expect(next.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('is announced where the app wants no isLoggedIn flag, too', async () => {
    const last = await openSignedInPage({ loggedInFlag: false })
    last.agent.answer('session', bob)
    const next = last.open(HOME)
    await next.client.load()
    expect(next.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('is nobody new when it is the same one, in a new tab or after a restart', async () => {
    const last = await openSignedInPage()
    for (const page of [last.open(HOME), last.openTab()]) {
      await page.client.load()
      expect(page.events).toEqual(['sessionStarted'])
    }
  })

  it('is announced to each app of the origin, also when another one has met them before', async () => {
    const shop = await openSignedInPage({ basePath: '/shop' })
    shop.agent.answer('session', bob)
    const desk = shop.openTab(`${HOME}desk`, { basePath: '/desk' })
    await desk.client.load()
    expect(desk.events).toEqual(['sessionStarted'])
    const again = shop.open(`${HOME}shop`)
    await again.client.load()
    expect(again.events).toEqual(['userChanged', 'sessionStarted'])
  })

  it('finds nothing in storage that names the last one', async () => {
    const { tab, client } = await openSignedInPage()
    await client.logout()
    const stored = JSON.stringify([[...tab.localStorage], [...tab.sessionStorage]])
    expect(stored).not.toContain('alice')
  })
})

describe('what a tab has found out, while another user signs in', () => {
  it('is not told the others as news: the agent is asked again', async () => {
    const page = openPage()
    page.agent.answer('session', signedIn)
    const lock = createGate()
    const { platform } = page.openTab().tab
    void platform.requestLock(PREFIX, {}, () => lock.passed)
    await page.client.load()
    await settle()
    // It waits for the lock to say so, which the tab has in which bob signs in.
    const epoch = START
    const begun = { v: 1, type: 'signed-in', tabId: 'x', epoch, since: epoch, renewedAt: 0 }
    platform.localStorage.set(`${PREFIX}:session`, JSON.stringify(begun))
    page.agent.answer('session', bob)
    lock.open()
    await settle()
    expect(JSON.parse(platform.localStorage.get(`${PREFIX}:session`) ?? '')).toEqual(begun)
    expect(page.client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
  })
})
