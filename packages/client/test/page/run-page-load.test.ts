// What visitors see when a page loads.
import { describe, expect, it } from 'vitest'
import { signedIn, signedOut } from '../support/fake-agent.ts'
import { START } from '../support/fake-platform.ts'
import { alice, FLAG, HOME, openPage, openSignedInPage } from '../support/page.ts'

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

describe('an agent that refuses to say who is signed in', () => {
  it('is asked again when it is the user who tries again, and not by itself', async () => {
    const { client, agent, tab } = openPage()
    agent.answer('session', { status: 403, json: { error_code: 'untrusted_request' } })
    await client.load()
    await client.load()
    expect(client.getSnapshot()).toMatchObject({ error: { code: 'agent_configuration' } })
    expect(agent.calls('session')).toHaveLength(1)
    // The operator has mended it.
    agent.answer('session', signedIn)
    tab.click()
    expect((await client.load()).session).toEqual(alice)
    expect(agent.calls('session')).toHaveLength(2)
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
    const page = openPage({ loggedInFlag: false })
    await page.client.load()
    await page.open(HOME).client.load()
    expect(page.agent.calls('session')).toHaveLength(2)
    expect(page.tab.localStorage.size).toBe(0)
  })
})
