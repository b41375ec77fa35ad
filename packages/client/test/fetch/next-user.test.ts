// A request of one user is never sent as the next one, who has signed in while it waited.
import { describe, expect, it } from 'vitest'
import { networkError, ORDERS, signedIn, unauthorized } from '../support/fake-agent.ts'
import { createFakeBrowser } from '../support/fake-browser.ts'
import { createGate, settle } from '../support/gate.ts'
import { HOME, openSignedInPage, PREFIX } from '../support/page.ts'
import { openTabs } from '../support/tabs.ts'
import type { Tabs } from '../support/tabs.ts'

const bob = { json: { is_logged_in: true, id_token_claims: { sub: 'bob' } } }

/** Somebody signs in, in the first tab. */
async function signIn({ agent, first }: Tabs, answer: typeof signedIn | typeof bob) {
  void first.client.login()
  await settle()
  agent.answer('endLogin', answer)
  agent.answer('session', answer)
  await first.open(`${HOME}?code=c&state=s1`).client.load()
  await settle()
}

/** The API refuses the first request when the gate opens, and takes the next. */
function refuseLate({ agent }: Tabs) {
  const gate = createGate()
  agent.answerApi(() =>
    agent.apiCalls().length === 1 ? gate.passed.then(() => unauthorized) : { json: 'ok' },
  )
  return gate
}

describe('a request that was refused for its access token', () => {
  it('is not sent again when another user has signed in meanwhile', async () => {
    const tabs = await openTabs()
    const gate = refuseLate(tabs)
    const order = tabs.second.client.fetch(ORDERS, { method: 'POST', body: 'for alice' })
    await settle()
    await signIn(tabs, bob)
    gate.open()
    await expect(order).rejects.toMatchObject({ code: 'session_expired' })
    expect(tabs.agent.apiCalls()).toHaveLength(1)
    expect(tabs.second.client.getSnapshot()).toMatchObject({ claims: { sub: 'bob' } })
    expect((await tabs.second.client.fetch(ORDERS)).status).toBe(200)
  })

  it('is sent again when the same user has signed in meanwhile', async () => {
    const tabs = await openTabs()
    const gate = refuseLate(tabs)
    const order = tabs.second.client.fetch(ORDERS, { method: 'POST', body: 'for alice' })
    await settle()
    await signIn(tabs, signedIn)
    gate.open()
    expect((await order).status).toBe(200)
  })

  it('is not sent again while nobody can tell who has signed in meanwhile', async () => {
    const tabs = await openTabs()
    const gate = refuseLate(tabs)
    const order = tabs.second.client.fetch(ORDERS, { method: 'POST', body: 'for alice' })
    await settle()
    tabs.second.tab.tell('left')
    await signIn(tabs, bob)
    tabs.agent.answer('session', networkError)
    gate.open()
    await expect(order).rejects.toMatchObject({ code: 'refresh_unavailable', retryable: true })
    expect(tabs.agent.apiCalls()).toHaveLength(1)
  })

  it('is not sent again when the page itself finds another user, and cannot tell it yet', async () => {
    const page = await openSignedInPage({}, createFakeBrowser())
    const locked = createGate()
    let turns = 0
    const { client } = page.createAnother((platform) => ({
      ...platform,
      // As browsers do: the lock is free at once, and who waits for it gets it a little later.
      requestLock: (name, options, task) =>
        platform.requestLock(name, options, async (lock) => {
          if (name === PREFIX) turns += 1
          if (turns > 1) await locked.passed
          return task(lock)
        }),
    }))
    await client.load()
    const refreshing = createGate()
    page.agent.answer('refresh', () => refreshing.passed.then(() => ({ json: {} })))
    page.agent.answerApi(() => (page.agent.apiCalls().length === 1 ? unauthorized : { json: 'ok' }))
    const order = client.fetch(ORDERS, { method: 'POST', body: 'for alice' })
    await settle()
    page.agent.answer('session', bob)
    await client.session()
    refreshing.open()
    await expect(order).rejects.toMatchObject({ code: 'session_expired' })
    expect(page.agent.apiCalls()).toHaveLength(1)
    locked.open()
  })
})
