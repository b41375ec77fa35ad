// The client in front of an open source OAuth Agent, through the profile `agent-node`.
import { describe, expect, it } from 'vitest'
import { agentNode } from '../../src/agent-node.ts'
import { createTokenHandlerClient } from '../../src/index.ts'
import type { Claims, TokenHandlerClient } from '../../src/index.ts'
import { createAgentNodeDouble, CSRF_HEADER, USER_INFO } from '../support/agent-node-double.ts'
import type { AgentNodeDouble } from '../support/agent-node-double.ts'
import { AGENT_URL, API_URL, ORDERS } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createFakeTab } from '../support/fake-platform.ts'
import type { FakeTab } from '../support/fake-platform.ts'
import { createGate, settle } from '../support/gate.ts'

interface Page {
  readonly agent: AgentNodeDouble
  readonly tab: FakeTab
  readonly client: TokenHandlerClient<Claims>
  readonly open: (url: string) => Page
}

function startPage(agent: AgentNodeDouble, tab: FakeTab): Page {
  const client = createTokenHandlerClient({
    agentUrl: AGENT_URL,
    apiUrls: [API_URL, USER_INFO],
    profile: agentNode({ csrfHeader: CSRF_HEADER }),
    platform: tab.platform,
  })
  const open = (url: string) => {
    tab.open(url)
    return startPage(agent, tab)
  }
  return { agent, tab, client, open }
}

function openPage(): Page {
  const agent = createAgentNodeDouble()
  return startPage(agent, createFakeTab(agent.fetch, 'https://www.example.com/orders?page=2'))
}

async function openSignedInPage(): Promise<Page> {
  const page = openPage()
  page.agent.signInElsewhere()
  await page.client.load()
  return page
}

const paths = ({ agent }: Page) => agent.calls.map(({ method, path }) => `${method} ${path}`)
const post = (client: Page['client']) => client.fetch(ORDERS, { method: 'POST', body: '{}' })

describe('a page load', () => {
  it('asks with the page URL, without its query, and finds nobody', async () => {
    const page = openPage()
    const { session } = await page.client.load()
    expect(session).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(page.agent.calls).toEqual([
      {
        method: 'POST',
        path: '/login/end',
        body: { pageUrl: 'https://www.example.com/orders' },
        csrf: null,
      },
    ])
  })

  it('finds a session, and its claims with their letters as they should be', async () => {
    const page = await openSignedInPage()
    expect(page.client.getSnapshot()).toEqual({
      status: 'authenticated',
      claims: { sub: 'asa', name: 'Åsa' },
      stale: false,
    })
    expect(paths(page)).toEqual(['POST /login/end', 'GET /claims'])
  })

  it('finds no session when the agent cannot read its cookies any more', async () => {
    const page = openPage()
    page.agent.signInElsewhere()
    page.agent.failNext('/claims', 401)
    expect((await page.client.load()).session.status).toBe('unauthenticated')
  })
})

describe('a sign-in', () => {
  it('sends extra parameters as a list, and the whole callback URL at the end', async () => {
    const page = openPage()
    void page.client.login({ parameters: { ui_locales: 'sv', acr_values: 'a b' } })
    await settle()
    expect(page.agent.calls[0]?.body).toEqual({
      extraParams: [
        { key: 'ui_locales', value: 'sv' },
        { key: 'acr_values', value: 'a b' },
      ],
    })
    const callback = page.open('https://www.example.com/?code=c%2B1&state=s1&keep=1')
    const { session, returnTo } = await callback.client.load()
    expect(session.status).toBe('authenticated')
    expect(returnTo).toBe('/orders?page=2')
    expect(callback.agent.calls.slice(1).map(({ body }) => body)).toEqual([
      { pageUrl: 'https://www.example.com/?code=c%2B1&state=s1&keep=1' },
      undefined,
    ])
    expect(callback.tab.url()).toBe('https://www.example.com/?keep=1')
  })

  it('that is silent, and finds no user, ends signed out', async () => {
    const page = openPage()
    void page.client.login({ parameters: { prompt: 'none' } })
    await settle()
    const callback = page.open('https://www.example.com/?error=login_required&state=s1')
    expect((await callback.client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'login-required',
    })
  })

  it('whose response comes a second time succeeds, since there is a session', async () => {
    const page = openPage()
    void page.client.login()
    await settle()
    const url = 'https://www.example.com/?code=c&state=s1'
    await page.open(url).client.load()
    page.tab.sessionStorage.clear()
    void page.client.login()
    expect((await page.open(url).client.load()).session.status).toBe('authenticated')
  })
})

describe('the CSRF token', () => {
  it('goes with requests that change something, and only with those', async () => {
    const page = await openSignedInPage()
    await page.client.fetch(ORDERS)
    expect((await post(page.client)).status).toBe(200)
    expect(page.agent.calls.slice(-2).map(({ csrf }) => csrf)).toEqual([null, 'csrf-1'])
  })

  it('never goes to anybody else', async () => {
    const page = await openSignedInPage()
    await page.client.fetch('https://elsewhere.example/', { method: 'POST' })
    expect(page.agent.calls.at(-1)?.csrf).toBeNull()
  })

  it('is told anew, once, when another tab has signed in since', async () => {
    const page = await openSignedInPage()
    page.agent.signInElsewhere()
    const before = page.agent.calls.length
    expect((await post(page.client)).status).toBe(200)
    expect(paths(page).slice(before)).toEqual([
      'POST /orders',
      'POST /refresh',
      'POST /login/end',
      'POST /refresh',
      'POST /orders',
    ])
    expect(page.client.getSnapshot().status).toBe('authenticated')
  })

  it('is asked for when the page does not know it yet', async () => {
    const page = openPage()
    page.agent.signInElsewhere()
    await page.client.refresh()
    expect(paths(page)).toEqual(['POST /login/end', 'POST /refresh'])
  })

  it('that cannot be told just now ends no session', async () => {
    const page = await openSignedInPage()
    page.agent.signInElsewhere()
    page.agent.failNext('/login/end', 503)
    await expect(page.client.refresh()).rejects.toMatchObject({ code: 'refresh_unavailable' })
    expect(page.client.getSnapshot()).toMatchObject({ status: 'authenticated', stale: true })
  })

  it('of a new session is used by the sign-out too', async () => {
    const page = await openSignedInPage()
    page.agent.signInElsewhere()
    await page.client.logout()
    expect(page.tab.navigations).toEqual(['https://login.example.net/logout'])
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })
})

describe('an expired access token', () => {
  it('is refreshed once for ten calls, by an answer without a body', async () => {
    const page = await openSignedInPage()
    page.agent.expireAccessToken()
    const responses = await Promise.all(Array.from({ length: 10 }, () => page.client.fetch(ORDERS)))
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(paths(page).filter((path) => path === 'POST /refresh')).toHaveLength(1)
  })

  it('is refreshed for the user info endpoint, which the app has among its apiUrls', async () => {
    const page = await openSignedInPage()
    page.agent.expireAccessToken()
    expect(await (await page.client.fetch(USER_INFO)).json()).toEqual({ sub: 'asa', name: 'Åsa' })
  })

  it('of a session that has ended is the end of it, and nothing else is asked', async () => {
    const page = await openSignedInPage()
    page.agent.endSession()
    await expect(page.client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(paths(page).slice(-2)).toEqual(['GET /orders', 'POST /refresh'])
  })
})

describe('a sign-out', () => {
  it('when nobody is signed in any more is one', async () => {
    const page = openPage()
    await page.client.logout()
    expect(page.client.getSnapshot()).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
  })
})

describe('a tab that was handed the session, and so no CSRF token', () => {
  async function openSecondTab() {
    const agent = createAgentNodeDouble()
    const browser = createFakeBrowser()
    const openTab = () => startPage(agent, createFakeTab(agent.fetch, undefined, browser))
    agent.signInElsewhere()
    await openTab().client.load()
    const second = openTab()
    await second.client.load()
    const handedOverAt = agent.calls.length
    return { ...second, since: () => paths(second).slice(handedOverAt) }
  }

  it('asks for it before its first unsafe call, once for all of them', async () => {
    const { client, since } = await openSecondTab()
    expect(since()).toEqual([])
    const responses = await Promise.all([post(client), post(client)])
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    await post(client)
    expect(since()).toEqual(['POST /login/end', 'POST /orders', 'POST /orders', 'POST /orders'])
  })

  it('asks for nothing before a safe call, or one of a visitor', async () => {
    const { client, since } = await openSecondTab()
    await client.fetch(ORDERS)
    await client.fetch(ORDERS, { method: 'POST', body: '{}', credentials: 'omit' })
    expect(since()).toEqual(['GET /orders', 'POST /orders'])
  })

  it('sends a stream that cannot be sent again only when it knows the token', async () => {
    const { client } = await openSecondTab()
    const body = new Blob(['{}']).stream()
    const init = { method: 'POST', body, duplex: 'half' }
    expect((await client.fetch(ORDERS, init)).status).toBe(200)
  })

  it('goes on without when the agent does not answer', async () => {
    const { agent, client, since } = await openSecondTab()
    agent.failNext('/login/end', 503)
    expect((await post(client)).status).toBe(200)
    expect(since().slice(0, 2)).toEqual(['POST /login/end', 'POST /orders'])
  })
})

describe('an unsafe call before the page knows its session', () => {
  it('asks for the CSRF token, and takes no refresh', async () => {
    const page = openPage()
    page.agent.signInElsewhere()
    expect((await post(page.client)).status).toBe(200)
    expect(paths(page)).toEqual(['POST /login/end', 'POST /orders'])
  })

  it('waits for the token where the page load has asked already', async () => {
    const agent = createAgentNodeDouble()
    agent.signInElsewhere()
    const gate = createGate()
    const fetch: typeof agent.fetch = async (input, init) => {
      const response = await agent.fetch(input, init)
      await gate.passed
      return response
    }
    const page = startPage(agent, createFakeTab(fetch))
    const loading = page.client.load()
    await settle()
    const response = post(page.client)
    await settle()
    gate.open()
    expect((await response).status).toBe(200)
    await loading
    expect(paths(page).toSorted()).toEqual(['GET /claims', 'POST /login/end', 'POST /orders'])
  })

  it('asks for none when nobody is signed in', async () => {
    const page = openPage()
    await page.client.load()
    const { length } = page.agent.calls
    await expect(post(page.client)).rejects.toMatchObject({ code: 'session_expired' })
    expect(paths(page)[length]).toBe('POST /orders')
  })
})
