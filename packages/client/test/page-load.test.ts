// What users see when a page loads: anonymous, signed in, coming back from a sign-in, or in trouble.
import { describe, expect, it } from 'vitest'
import { networkError, signedIn, signedOut } from './support/fake-agent.ts'
import { START } from './support/fake-platform.ts'
import { createGate, settle } from './support/gate.ts'
import { FLAG, openPage, openSignedInPage } from './support/page.ts'

const HOME = 'https://www.example.com/'
const alice = {
  status: 'authenticated',
  claims: { sub: 'alice' },
  accessTokenExpiresAt: START + 300_000,
  stale: false,
}

describe('a first visit', () => {
  it('is loading until the agent has been asked once, and then signed out', async () => {
    const { client, agent } = openPage()
    const loading = client.load()
    expect(client.getSnapshot()).toEqual({ status: 'loading' })
    const { session } = await loading
    expect(session).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(agent.allCalls()).toHaveLength(1)
  })

  it('asks the agent once, however often load is called', async () => {
    const { client, agent } = openPage()
    const first = client.load()
    expect(client.load()).toBe(first)
    await first
    expect(client.load()).toBe(first)
    expect(agent.allCalls()).toHaveLength(1)
  })

  it('finds a session that another app of this site has begun', async () => {
    const { client, agent, events } = openPage()
    agent.answer('session', signedIn)
    expect((await client.load()).session).toEqual(alice)
    expect(events).toEqual(['sessionStarted'])
  })

  it('treats cookies that the agent cannot read as no session', async () => {
    const { client, agent, events } = openPage()
    agent.answer('session', { status: 401, json: { error_code: 'session_expired' } })
    expect((await client.load()).session).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(events).toEqual([])
  })
})

describe('a later visit', () => {
  it('of somebody signed out asks nothing for five minutes, and then once', async () => {
    const page = openPage()
    await page.client.load()
    page.tab.advance(299_000)
    const second = page.open(HOME)
    expect((await second.client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'none',
    })
    expect(page.agent.allCalls()).toHaveLength(1)
    // Believing the flag must not make it younger.
    page.tab.advance(1_000)
    await page.open(HOME).client.load()
    expect(page.agent.allCalls()).toHaveLength(2)
  })

  it('of somebody signed in asks the agent: the flag alone shows nothing protected', async () => {
    const page = await openSignedInPage()
    const second = page.open(HOME)
    const loading = second.client.load()
    expect(second.client.getSnapshot()).toEqual({ status: 'loading' })
    expect((await loading).session).toEqual(alice)
    expect(page.agent.calls('session')).toHaveLength(2)
  })

  it('after the session has ended elsewhere is quietly signed out, and the flag heals', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', signedOut)
    const second = page.open(HOME)
    expect((await second.client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'none',
    })
    expect(second.events).toEqual([])
    expect(page.tab.localStorage.get(FLAG)).toBe(`false:${START}`)
  })

  it('after the browser has evicted its storage finds the session again', async () => {
    const page = await openSignedInPage()
    page.tab.localStorage.clear()
    expect((await page.open(HOME).client.load()).session).toEqual(alice)
    expect(page.tab.localStorage.get(FLAG)).toBe(`true:${START}`)
  })

  it('with a flag that is no flag asks the agent', async () => {
    const page = openPage()
    page.tab.localStorage.set(FLAG, 'maybe')
    await page.client.load()
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it('always asks when the app wants no flag, and leaves none behind', async () => {
    const page = openPage({ isLoggedIn: 'off' })
    await page.client.load()
    await page.open(HOME).client.load()
    expect(page.agent.calls('session')).toHaveLength(2)
    expect(page.tab.localStorage.size).toBe(0)
  })
})

describe('coming back from the authorization server', () => {
  async function comeBack(callback: string, returnTo = '/orders/7?tab=2#items') {
    const page = openPage()
    void page.client.login({ returnTo, appState: { draft: 'x' } })
    await settle()
    return page.open(HOME + callback)
  }

  it('ends the login with the whole query, and hands back where the user was', async () => {
    const page = await comeBack('?code=c&state=s1&iss=i')
    const result = await page.client.load()
    expect(result).toEqual({
      session: alice,
      returnTo: '/orders/7?tab=2#items',
      appState: { draft: 'x' },
    })
    expect(page.agent.calls('endLogin').map(({ body }) => body)).toEqual(['code=c&state=s1&iss=i'])
    expect(page.agent.calls('session')).toHaveLength(0)
    expect(page.events).toEqual(['sessionStarted'])
    expect(page.tab.localStorage.get(FLAG)).toBe(`true:${START}`)
  })

  it("cleans the URL before the agent is called, and keeps what is the app's", async () => {
    const page = await comeBack('shop?q=1&code=c&state=s1#top')
    page.agent.answer('endLogin', () => {
      expect(page.tab.url()).toBe(`${HOME}shop?q=1#top`)
      return signedIn
    })
    const loading = page.client.load()
    // Already now, before anything else on the page can read it.
    expect(page.tab.url()).toBe(`${HOME}shop?q=1#top`)
    await loading
    expect(page.tab.replacements).toHaveLength(1)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('is loading until the login has ended', async () => {
    const page = await comeBack('?code=c&state=s1')
    const statuses: string[] = []
    page.client.subscribe(() => statuses.push(page.client.getSnapshot().status))
    await page.client.load()
    expect(statuses).toEqual(['authenticated'])
  })

  it('ends the login once, although StrictMode mounts everything twice', async () => {
    const page = await comeBack('?code=c&state=s1')
    const [one, two] = [page.client.load(), page.client.load()]
    expect(await one).toBe(await two)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('ends the login once, although a second client of the page loads too', async () => {
    const page = await comeBack('?code=c&state=s1')
    const gate = createGate()
    page.agent.answer('endLogin', () => gate.passed.then(() => signedIn))
    const one = page.client.load()
    const two = page.open(`${HOME}?code=c&state=s1`).client.load()
    gate.open()
    await Promise.all([one, two])
    expect(page.agent.calls('endLogin')).toHaveLength(1)
  })

  it('asks for the session instead when the callback URL is reloaded or bookmarked', async () => {
    const page = await comeBack('?code=c&state=s1')
    await page.client.load()
    page.agent.answer('session', signedIn)
    const reloaded = page.open(`${HOME}?code=c&state=s1`)
    expect((await reloaded.client.load()).session).toEqual(alice)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
    expect(reloaded.tab.url()).toBe(HOME)
  })

  it('succeeds when the agent refuses the response but has a session already', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', { status: 400, json: { error_code: 'invalid_request' } })
    page.agent.answer('session', signedIn)
    expect((await page.client.load()).session).toEqual(alice)
    expect(page.events).toEqual(['sessionStarted'])
  })

  it("fails with the agent's code when the response is refused and there is no session", async () => {
    const page = await comeBack('?error=access_denied&state=s1')
    page.agent.answer('endLogin', {
      status: 400,
      json: { error_code: 'access_denied', detailed_error: 'The user said no' },
    })
    const result = await page.client.load()
    expect(result).toMatchObject({
      session: {
        status: 'error',
        error: {
          code: 'login_failed',
          operation: 'endLogin',
          status: 400,
          agentCode: 'access_denied',
          details: 'The user said no',
          retryable: false,
          cause: { code: 'agent_configuration' },
        },
      },
      returnTo: '/orders/7?tab=2#items',
    })
    expect(page.events).toEqual(['error'])
    // A route change awaits load() too: the message must not vanish by itself.
    expect((await page.client.load()).session.status).toBe('error')
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it.each([
    [401, 'login_required'],
    [400, 'interaction_required'],
    [400, 'consent_required'],
    [400, 'account_selection_required'],
  ])('is signed out, not an error, after a silent sign-in: %i %s', async (status, code) => {
    const page = await comeBack(`?error=${code}&state=s1`)
    page.agent.answer('endLogin', { status, json: { error_code: code } })
    expect((await page.client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'login_required',
    })
    expect(page.events).toEqual([])
  })

  it.each([
    ['does not answer', networkError, 'agent_unreachable'],
    [
      'answers 502',
      { status: 502, json: { error_code: 'authorization_server_error' } },
      'agent_unreachable',
    ],
    ['answers nonsense', { text: '<html>' }, 'contract_violation'],
  ] as const)(
    'never sends the code twice when the agent %s; another load asks for the session',
    async (_, answer, code) => {
      const page = await comeBack('?code=c&state=s1')
      page.agent.answer('endLogin', answer)
      expect((await page.client.load()).session).toMatchObject({ status: 'error', error: { code } })
      page.agent.answer('session', signedIn)
      const again = page.client.load()
      expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
      expect(await again).toEqual({
        session: alice,
        returnTo: '/orders/7?tab=2#items',
        appState: { draft: 'x' },
      })
      expect(page.agent.calls('endLogin')).toHaveLength(1)
    },
  )

  it('asks the agent after a reload in the middle of it, whatever the flag said before', async () => {
    const anonymous = openPage()
    await anonymous.client.load()
    void anonymous.client.login()
    await settle()
    const callback = anonymous.open(`${HOME}?code=c&state=s1`)
    callback.agent.answer('endLogin', () => createGate().passed.then(() => signedIn))
    void callback.client.load()
    await settle()
    callback.agent.answer('session', signedIn)
    const reloaded = callback.open(callback.tab.url())
    expect((await reloaded.client.load()).session).toEqual(alice)
  })

  it('checks the place to return to again, since other scripts write this storage too', async () => {
    const page = await comeBack('?code=c&state=s1', '/marker')
    for (const [key, value] of page.tab.sessionStorage) {
      page.tab.sessionStorage.set(key, value.replace('/marker', '/.//evil.example'))
    }
    expect((await page.client.load()).returnTo).toBe('/')
  })

  it('leaves a response for another library of the page alone', async () => {
    const page = openPage({}, `${HOME}?code=of-a-payment&state=theirs`)
    await page.client.load()
    expect(page.tab.url()).toBe(`${HOME}?code=of-a-payment&state=theirs`)
    expect(page.agent.calls('endLogin')).toHaveLength(0)
  })

  it('ends a login that another tab has started, on the path that is kept for it', async () => {
    const page = openPage({ callbackPath: '/callback' }, `${HOME}callback?code=c&state=s1`)
    const result = await page.client.load()
    expect(result).toEqual({ session: alice })
    expect(page.tab.url()).toBe(`${HOME}callback`)
  })

  it('leaves no code in any storage', async () => {
    const page = await comeBack('?code=very-secret-code&state=s1')
    await page.client.load()
    const stored = [...page.tab.sessionStorage, ...page.tab.localStorage].flat().join()
    expect(stored).toContain('isLoggedIn')
    expect(stored).not.toContain('very-secret-code')
  })
})

describe('an agent in trouble', () => {
  it.each([
    ['no network', networkError, { code: 'agent_unreachable', retryable: true }],
    ['a 500', { status: 500 }, { code: 'agent_unreachable', retryable: true }],
    ['nonsense', { json: [] }, { code: 'contract_violation', retryable: true }],
    [
      'a refusal',
      { status: 403, json: { error_code: 'untrusted_request' } },
      { code: 'agent_configuration', retryable: false },
    ],
  ] as const)('makes the page say so, and never "signed out": %s', async (_, answer, error) => {
    const page = openPage()
    page.agent.answer('session', answer)
    expect((await page.client.load()).session).toMatchObject({ status: 'error', error })
    expect(page.events).toEqual(['error'])
    expect(page.tab.localStorage.size).toBe(0)
  })

  it('is asked again by a later load, and the promise of the first shows the session too', async () => {
    const page = openPage()
    page.agent.answer('session', networkError)
    const first = await page.client.load()
    page.agent.answer('session', signedIn)
    await page.client.load()
    expect(first.session).toEqual(alice)
  })

  it('leaves a known session on screen, marked stale, until a later load has confirmed it', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', networkError)
    await expect(page.client.session()).rejects.toMatchObject({ code: 'agent_unreachable' })
    expect(page.client.getSnapshot()).toEqual({ ...alice, stale: true })
    page.agent.answer('session', signedIn)
    expect((await page.client.load()).session).toEqual({ ...alice, stale: true })
    await settle()
    expect(page.client.getSnapshot()).toEqual(alice)
  })
})

describe('asking for the session', () => {
  it('gives the same snapshot when nothing has changed', async () => {
    const page = await openSignedInPage()
    const before = page.client.getSnapshot()
    expect(await page.client.session()).toBe(before)
  })

  it('asks the agent once for everybody who asks at the same time', async () => {
    const page = openPage()
    await Promise.all([page.client.session(), page.client.session(), page.client.load()])
    expect(page.agent.calls('session')).toHaveLength(1)
  })

  it('notices that the session has ended', async () => {
    const page = await openSignedInPage()
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
    expect(page.events).toEqual(['sessionStarted', 'sessionExpired'])
  })

  it('ignores an answer that a sign-out has overtaken', async () => {
    const page = await openSignedInPage()
    const gate = createGate()
    page.agent.answer('session', () => gate.passed.then(() => signedIn))
    const asking = page.client.session()
    await page.client.logout()
    gate.open()
    expect(await asking).toEqual({ status: 'unauthenticated', reason: 'signed-out' })
    expect(page.tab.localStorage.get(FLAG)).toBe(`false:${START}`)
  })
})
