// Starting a sign-in.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { openPage, openSignedInPage } from '../support/page.ts'

const HOME = 'https://www.example.com/'
const AUTHORIZE = 'https://login.example.net/authorize?state=s1'

describe('login', () => {
  it('navigates to where the agent says, and stays pending while the page goes', async () => {
    const { client, agent, tab } = openPage()
    let isSettled = false
    void client.login({ parameters: { ui_locales: 'sv' } }).finally(() => (isSettled = true))
    await settle()
    expect(agent.calls('startLogin').map(({ body }) => body)).toEqual(['ui_locales=sv'])
    expect(tab.navigations).toEqual([AUTHORIZE])
    expect(isSettled).toBe(false)
  })

  it('leaves an entry in the history, unless the app wants none', async () => {
    const { client, tab } = openPage()
    void client.login()
    await settle()
    expect(tab.replacing).toEqual([])
    tab.restore()
    void client.login({ replace: true })
    await settle()
    expect(tab.replacing).toEqual([AUTHORIZE])
  })

  it('of two clients of one page counts where it began last: that one ends, and the other waits for the page to go', async () => {
    const page = openPage()
    const other = page.createAnother()
    void page.client.login({ returnTo: '/first' })
    await settle()
    page.agent.answer('startLogin', { json: { authorization_url: AUTHORIZE.replace('s1', 's2') } })
    void other.client.login({ returnTo: '/second' })
    await settle()
    expect(page.tab.navigations.at(-1)).toContain('state=s2')
    page.agent.answer('endLogin', signedIn)
    const back = page.open(`${HOME}?code=c&state=s2`)
    expect(await back.client.load()).toMatchObject({
      session: { status: 'authenticated' },
      returnTo: '/second',
    })
  })

  it('happens once, also when a hundred failing calls ask for it, early or late', async () => {
    const { client, agent, tab } = openPage()
    for (let number = 0; number < 50; number += 1) void client.login()
    await settle()
    for (let number = 0; number < 50; number += 1) void client.login()
    await settle()
    expect(agent.calls('startLogin')).toHaveLength(1)
    expect(tab.navigations).toHaveLength(1)
  })

  it.each([
    [
      'the current page',
      'https://www.example.com/app/orders?x=1#y',
      undefined,
      '/app/orders?x=1#y',
    ],
    ['what the app says', 'https://www.example.com/app/', '/app/orders/7', '/app/orders/7'],
    [
      'the base path, for a target elsewhere',
      'https://www.example.com/app/',
      'https://evil.example/',
      '/app',
    ],
    ['a hash of the page', 'https://www.example.com/app/list?x=1#/a', '#/b', '/app/list?x=1#/b'],
    ['a query of the page', 'https://www.example.com/app/list?x=1', '?tab=2', '/app/list?tab=2'],
    ['a path relative to the page', 'https://www.example.com/app/', 'orders', '/app/orders'],
    [
      'the base path, for a relative target outside',
      'https://www.example.com/app/',
      '../x',
      '/app',
    ],
    ['the base path, for a target outside it', 'https://www.example.com/app/', '/other', '/app'],
    [
      'the base path, from the callback page',
      'https://www.example.com/app/callback',
      undefined,
      '/app',
    ],
  ])('returns to %s', async (_, url, returnTo, expected) => {
    const page = openPage({ basePath: '/app', callbackPath: '/app/callback' }, url)
    void page.client.login(returnTo === undefined ? {} : { returnTo })
    await settle()
    const callback = page.open(`${HOME}app/callback?code=c&state=s1`)
    expect((await callback.client.load()).returnTo).toBe(expected)
  })

  it('returns to the right place of two sign-ins that were started one after the other', async () => {
    const page = openPage()
    void page.client.login({ returnTo: '/one' })
    await settle()
    page.agent.answer('startLogin', { json: { authorization_url: `${HOME}authorize?state=s2` } })
    const second = page.open(HOME)
    void second.client.login({ returnTo: '/two' })
    await settle()
    const callback = second.open(`${HOME}?code=c&state=s1`)
    expect((await callback.client.load()).returnTo).toBe('/one')
  })

  it('returns to the right place although the authorization URL hides its state', async () => {
    const page = openPage()
    page.agent.answer('startLogin', {
      json: { authorization_url: 'https://login.example.net/authorize?request_uri=urn%3Ax' },
    })
    void page.client.login({ returnTo: '/orders' })
    await settle()
    const callback = page.open(`${HOME}?code=c&state=nine-nine-nine-nine-nine`)
    expect((await callback.client.load()).returnTo).toBe('/orders')
  })

  it.each([
    ['cannot be reached', networkError, 'agent_unreachable'],
    ['is in trouble', { status: 503 }, 'agent_unreachable'],
    ['refuses', { status: 400, json: { error_code: 'invalid_request' } }, 'agent_configuration'],
    [
      'names a script',
      { json: { authorization_url: 'javascript:alert(1)' } },
      'contract_violation',
    ],
  ] as const)(
    'rejects when the agent %s, goes nowhere, and can be tried again',
    async (_, answer, code) => {
      const { client, agent, tab } = openPage()
      agent.answer('startLogin', answer)
      await expect(client.login()).rejects.toMatchObject({ code, operation: 'startLogin' })
      expect(tab.navigations).toEqual([])
      agent.answer('startLogin', { json: { authorization_url: AUTHORIZE } })
      void client.login()
      await settle()
      expect(tab.navigations).toEqual([AUTHORIZE])
    },
  )

  it('never goes to a script, not even when a custom profile lets it through', async () => {
    const { tokenHandler1 } = await import('@token-handler/contract')
    const authorizationUrl = 'javascript:alert(1)'
    const { client, tab } = openPage({
      profile: { ...tokenHandler1, decodeResult: () => Object({ authorizationUrl }) },
    })
    await expect(client.login()).rejects.toMatchObject({ code: 'contract_violation' })
    expect(tab.navigations).toEqual([])
  })

  it('rejects an app state that is not JSON before it goes anywhere', async () => {
    const { client, tab } = openPage()
    const appState: Record<string, unknown> = {}
    appState['itself'] = appState
    await expect(client.login({ appState })).rejects.toBeInstanceOf(TypeError)
    expect(tab.navigations).toEqual([])
  })

  it('asks the agent nothing for an app state with a number that JSON does not have', async () => {
    const { client, agent } = openPage()
    await expect(client.login({ appState: { n: 1n } })).rejects.toBeInstanceOf(TypeError)
    expect(agent.calls('startLogin')).toHaveLength(0)
  })

  it('does not start while a sign-out is leaving the page', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
    await client.logout()
    void client.login()
    await settle()
    expect(agent.calls('startLogin')).toHaveLength(0)
    expect(tab.navigations).toEqual(['https://login.example.net/logout'])
  })
})

describe('a page that comes back from the back/forward cache', () => {
  it('can sign in again, although it was left for a sign-in', async () => {
    const { client, tab } = openPage()
    void client.login()
    await settle()
    tab.restore()
    void client.login()
    await settle()
    expect(tab.navigations).toEqual([AUTHORIZE, AUTHORIZE])
  })

  it('asks the agent whether its session is still there', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', { json: { is_logged_in: false } })
    page.tab.restore()
    await settle()
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('shows nothing protected, before it asks, when another page has signed out meanwhile', async () => {
    const page = await openSignedInPage()
    page.tab.tell('left')
    const other = page.openTab()
    await other.client.load()
    await other.client.logout()
    page.tab.restore()
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    await settle()
  })

  it('is signed in when the sign-in was completed elsewhere', async () => {
    const page = openPage()
    await page.client.load()
    void page.client.login()
    await settle()
    page.agent.answer('session', signedIn)
    page.tab.restore()
    await settle()
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })
})
