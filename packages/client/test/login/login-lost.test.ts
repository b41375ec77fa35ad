// A sign-in that the agent does not know any more is started once more, and only once.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn } from '../support/fake-agent.ts'
import type { FakeAgent } from '../support/fake-agent.ts'
import { settle } from '../support/gate.ts'
import { alice, comeBack, HOME, openPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

const unknownLogin = { status: 400, json: { error_code: 'invalid_request' } }

/** Starts sign-ins with the states s1, s2 … */
function numberLogins(agent: FakeAgent): void {
  let number = 1
  agent.answer('startLogin', () => {
    number += 1
    return {
      json: { authorization_url: `https://login.example.net/authorize?state=s${number}` },
    }
  })
}

/** The login cookie of this tab's sign-in went when another tab began its own. */
async function comeBackTooLate(): Promise<Page> {
  const page = await comeBack('?code=c&state=s1')
  page.agent.answer('endLogin', unknownLogin)
  numberLogins(page.agent)
  void page.client.load()
  await settle()
  return page
}

describe('a sign-in that took an hour', () => {
  it('ends all the same, when the agent says so', async () => {
    const page = openPage()
    void page.client.login({ returnTo: '/orders' })
    await settle()
    page.tab.advance(3_600_000)
    page.agent.answer('endLogin', signedIn)
    const back = page.open(`${HOME}?code=c&state=s1`)
    const { session, returnTo } = await back.client.load()
    expect(session.status).toBe('authenticated')
    expect(returnTo).toBe('/orders')
    expect(back.tab.url()).toBe(HOME)
  })

  it('is started once more when the agent does not know it any more', async () => {
    const page = openPage()
    void page.client.login({ returnTo: '/orders' })
    await settle()
    page.tab.advance(3_600_000)
    page.agent.answer('endLogin', unknownLogin)
    const back = page.open(`${HOME}?code=c&state=s1`)
    void back.client.load()
    await settle()
    expect(back.tab.url()).toBe(HOME)
    expect(page.agent.calls('startLogin')).toHaveLength(2)
  })
})

describe('a sign-in whose login cookie was lost', () => {
  it('is started once more, silently, and leads to where the user wanted to be', async () => {
    const page = await comeBackTooLate()
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    expect(page.tab.navigations.at(-1)).toBe('https://login.example.net/authorize?state=s2')
    expect(page.events).toEqual([])
    page.agent.answer('endLogin', signedIn)
    const second = page.open(`${HOME}?code=d&state=s2`)
    expect(await second.client.load()).toEqual({
      session: alice,
      returnTo: '/orders/7?tab=2#items',
      appState: { draft: 'x' },
    })
  })

  it('keeps its extra authorization parameters', async () => {
    const page = openPage()
    void page.client.login({ parameters: { acr_values: 'high' } })
    await settle()
    const callback = page.open(`${HOME}?code=c&state=s1`)
    callback.agent.answer('endLogin', unknownLogin)
    void callback.client.load()
    await settle()
    expect(page.agent.calls('startLogin').map(({ body }) => body)).toEqual([
      'acr_values=high',
      'acr_values=high',
    ])
  })

  it('is not started a third time: then the browser keeps no cookies', async () => {
    const page = await comeBackTooLate()
    const second = page.open(`${HOME}?code=d&state=s2`)
    const { session, returnTo } = await second.client.load()
    expect(session).toMatchObject({
      status: 'error',
      error: { code: 'cookies_not_stored', operation: 'endLogin', cause: { status: 400 } },
    })
    expect(returnTo).toBe('/orders/7?tab=2#items')
    expect(page.agent.calls('startLogin')).toHaveLength(2)
  })

  it('fails when it cannot be started once more', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', unknownLogin)
    page.agent.answer('startLogin', networkError)
    expect((await page.client.load()).session).toMatchObject({
      status: 'error',
      error: { code: 'login_failed', agentCode: 'invalid_request' },
    })
  })

  it('does not keep a page waiting that the user comes back to', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', unknownLogin)
    const loading = page.client.load()
    await settle()
    page.tab.restore()
    expect((await loading).session).toEqual({ status: 'unauthenticated', reason: 'none' })
  })
})

describe('a refused response is not answered by another sign-in when', () => {
  it.each([
    ['somebody is signed in', '?code=c&state=s1', 'invalid_request', signedIn],
    ['the user said no', '?error=access_denied&state=s1', 'access_denied', undefined],
    [
      'the authorization server found the request invalid',
      '?error=invalid_request&state=s1',
      'invalid_request',
      undefined,
    ],
    ['the code was refused', '?code=c&state=s1', 'authorization_error', undefined],
  ])('%s', async (_, query, error_code, session) => {
    const page = await comeBack(query)
    page.agent.answer('endLogin', { status: 400, json: { error_code } })
    if (session) page.agent.answer('session', session)
    const result = await page.client.load()
    expect(result.session.status).toBe(session ? 'authenticated' : 'error')
    expect(page.agent.calls('startLogin')).toHaveLength(1)
  })

  it('it is a bookmark that this tab has started no sign-in for', async () => {
    const page = openPage({ callbackPath: '/callback' }, `${HOME}callback?code=old&state=old`)
    page.agent.answer('endLogin', unknownLogin)
    expect((await page.client.load()).session).toMatchObject({
      status: 'error',
      error: { code: 'login_failed' },
    })
    expect(page.agent.calls('startLogin')).toHaveLength(0)
  })
})
