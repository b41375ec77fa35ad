// Signing out.
import { tokenHandler1 } from '@token-handler/contract'
import { describe, expect, it } from 'vitest'
import { API_URL, networkError } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'
import { FLAG, openPage, openSignedInPage } from '../support/page.ts'

const signedOutSession = { status: 'unauthenticated', reason: 'signed-out' }
const LOGOUT_URL = 'https://login.example.net/logout'

describe('logout', () => {
  it('signs out everywhere it can, then leaves for the authorization server', async () => {
    const { client, agent, tab, events } = await openSignedInPage()
    agent.answer('logout', { json: { logout_url: LOGOUT_URL } })
    client.on('signedOut', () => {
      expect(tab.navigations).toEqual([])
    })
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
    expect(tab.localStorage.get(FLAG)).toBe(`false:${START}`)
    expect(tab.navigations).toEqual([LOGOUT_URL])
    expect(events).toEqual(['sessionStarted', 'signedOut'])
  })

  it('hands parameters for the authorization server to the agent', async () => {
    const { client, agent } = await openSignedInPage()
    await client.logout({ parameters: { logout_hint: 'alice', ui_locales: 'sv en' } })
    const [call] = agent.calls('logout')
    expect(call?.body).toBe('logout_hint=alice&ui_locales=sv+en')
  })

  it('stays on the page when the agent names no URL', async () => {
    const { client, tab } = await openSignedInPage()
    await client.logout()
    expect(tab.navigations).toEqual([])
  })

  it('succeeds when the session was gone already', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answer('logout', { status: 401, json: { error_code: 'session_expired' } })
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it.each([
    ['cannot be reached', networkError, 'agent_unreachable'],
    ['is in trouble', { status: 502 }, 'agent_unreachable'],
    [
      'does not trust the page',
      { status: 403, json: { error_code: 'untrusted_request' } },
      'agent_configuration',
    ],
    ['names a script', { json: { logout_url: 'javascript:alert(1)' } }, 'contract_violation'],
  ] as const)(
    'rejects and leaves the user signed in when the agent %s',
    async (_, answer, code) => {
      const { client, agent, tab } = await openSignedInPage()
      agent.answer('logout', answer)
      await expect(client.logout()).rejects.toMatchObject({ code, operation: 'logout' })
      expect(client.getSnapshot().status).toBe('authenticated')
      expect(tab.localStorage.get(FLAG)).toBe(`true:${START}`)
      expect(tab.navigations).toEqual([])
    },
  )

  it('never leaves for a script, not even when a custom profile lets it through', async () => {
    const logoutUrl = 'javascript:alert(1)'
    const { client, tab } = await openSignedInPage({
      profile: { ...tokenHandler1, decodeResult: () => Object({ isLoggedIn: true, logoutUrl }) },
    })
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
    expect(tab.navigations).toEqual([])
  })

  it('can be forced when the agent cannot be reached', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('logout', networkError)
    await client.logout({ force: true })
    expect(client.getSnapshot()).toEqual(signedOutSession)
    expect(tab.localStorage.get(FLAG)).toBe(`false:${START}`)
  })

  it('waits for a refresh under way, whose cookies would otherwise come back after it', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    agent.answer('refresh', () => gate.passed.then(() => ({ json: {} })))
    const refreshing = client.refresh()
    const loggingOut = client.logout()
    await settle()
    expect(agent.calls('logout')).toHaveLength(0)
    gate.open()
    await Promise.all([refreshing, loggingOut])
    expect(agent.allCalls().map(({ operation }) => operation)).toEqual([
      'session',
      'refresh',
      'logout',
    ])
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it('does not wait for ever: a refresh that hangs is given up after 15 s', async () => {
    const { client, agent, tab } = await openSignedInPage()
    agent.answer('refresh', () => createGate().passed.then(() => ({ json: {} })))
    const refreshing = client.refresh()
    const loggingOut = client.logout()
    await settle()
    tab.advance(15_000)
    await expect(refreshing).rejects.toMatchObject({ code: 'refresh_unavailable' })
    await loggingOut
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it('is not undone by a request that comes back with 401 meanwhile', async () => {
    const { client, agent } = await openSignedInPage()
    const gate = createGate()
    agent.answer('logout', () => gate.passed.then(() => ({ json: {} })))
    agent.answerApi({ status: 401 })
    const loggingOut = client.logout()
    const request = client.fetch(`${API_URL}/orders`)
    await settle()
    gate.open()
    await loggingOut
    await expect(request).rejects.toMatchObject({ code: 'session_expired' })
    expect(agent.calls('refresh')).toHaveLength(0)
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it('that failed stands in the way of nothing', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answer('logout', networkError)
    await expect(client.logout()).rejects.toMatchObject({ code: 'agent_unreachable' })
    await expect(client.refresh()).resolves.toBeUndefined()
  })

  it('of a visitor who was never signed in does no harm', async () => {
    const { client } = openPage()
    await client.load()
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })
})

describe('a sign-out that is asked for twice at once', () => {
  async function openPageWithSlowAgent(answer: object = { json: { logout_url: LOGOUT_URL } }) {
    const page = await openSignedInPage()
    const gate = createGate()
    page.agent.answer('logout', () => gate.passed.then(() => answer))
    return { ...page, answerNow: gate.open }
  }

  // The second request would have no session, and so no id_token_hint to leave with.
  it('is one: one request, and one navigation', async () => {
    const { client, agent, tab, answerNow } = await openPageWithSlowAgent()
    const both = [client.logout(), client.logout()]
    answerNow()
    await Promise.all(both)
    expect(agent.calls('logout')).toHaveLength(1)
    expect(tab.navigations).toEqual([LOGOUT_URL])
  })

  it('is one until the page stays after all, and then another', async () => {
    const { client, agent, tab, answerNow } = await openPageWithSlowAgent()
    answerNow()
    await client.logout()
    await client.logout()
    expect(agent.calls('logout')).toHaveLength(1)
    tab.restore()
    await client.logout()
    expect(agent.calls('logout')).toHaveLength(2)
    expect(tab.navigations).toEqual([LOGOUT_URL, LOGOUT_URL])
    tab.restore()
    await settle()
    expect(client.isLeaving()).toBe(false)
  })

  it('that failed is another one the next time', async () => {
    const { client, agent } = await openSignedInPage()
    agent.answer('logout', networkError)
    const both = [client.logout(), client.logout()]
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected')
    expect(agent.calls('logout')).toHaveLength(1)
    agent.answer('logout', { json: {} })
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it('is forced when one of them is', async () => {
    const { client, answerNow } = await openPageWithSlowAgent({ status: 502 })
    const both = [client.logout(), client.logout({ force: true })]
    answerNow()
    await Promise.all(both)
    expect(client.getSnapshot()).toEqual(signedOutSession)
  })

  it('is here only when both of them are', async () => {
    const { client, tab, answerNow } = await openPageWithSlowAgent()
    const both = [client.logout({ local: true }), client.logout()]
    answerNow()
    await Promise.all(both)
    expect(tab.navigations).toEqual([LOGOUT_URL])
  })
})

describe('a sign-out outside of a tab of its own', () => {
  it('leaves the frame where it is: the page at the authorization server may not be framed', async () => {
    const { client, agent, tab } = await openSignedInPage()
    tab.setTopLevel(false)
    agent.answer('logout', { json: { logout_url: LOGOUT_URL } })
    await client.logout()
    expect(client.getSnapshot()).toEqual(signedOutSession)
    expect(tab.navigations).toEqual([])
    expect(client.isLeaving()).toBe(false)
  })
})

describe('a sign-out here only', () => {
  it('signs out at the agent and in every tab, and leaves the page where it is', async () => {
    const page = await openSignedInPage()
    page.agent.answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
    await page.client.logout({ local: true })
    expect(page.agent.calls('logout')).toHaveLength(1)
    expect(page.tab.navigations).toEqual([])
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    void page.client.login()
    await settle()
    expect(page.agent.calls('startLogin')).toHaveLength(1)
  })
})

it('a sign-out may replace the page in the history', async () => {
  const page = await openSignedInPage()
  page.agent.answer('logout', { json: { logout_url: 'https://login.example.net/logout' } })
  await page.client.logout({ replace: true })
  expect(page.tab.replacing).toEqual(['https://login.example.net/logout'])
})
