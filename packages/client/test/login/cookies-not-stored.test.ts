// "I signed in, but I am still signed out": the browser does not keep or send the agent's cookies.
import { describe, expect, it } from 'vitest'
import { networkError, ORDERS, signedIn, signedOut, unauthorized } from '../support/fake-agent.ts'
import { createGate, settle } from '../support/gate.ts'
import { alice, comeBack, FLAG, HOME, openPage } from '../support/page.ts'
import type { Page } from '../support/page.ts'

/** The agent says that the sign-in succeeded. */
async function signIn(): Promise<Page> {
  const page = await comeBack('?code=c&state=s1')
  await page.client.load()
  return page
}

const cookiesNotStored = {
  status: 'error',
  error: { code: 'cookies_not_stored', operation: 'endLogin', retryable: false },
}

describe('a sign-in without cookies', () => {
  it('costs no extra call while nothing looks wrong', async () => {
    const page = await signIn()
    expect(page.agent.allCalls().map(({ operation }) => operation)).toEqual([
      'startLogin',
      'endLogin',
    ])
  })

  it('is found out by the next question for the session', async () => {
    const page = await signIn()
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toMatchObject(cookiesNotStored)
    expect(page.events).toEqual(['sessionStarted', 'error'])
  })

  it('is found out by the first API call', async () => {
    const page = await signIn()
    page.agent.answerApi(unauthorized)
    const refusal = { error_code: 'session_expired', detailed_error: 'not readable' }
    page.agent.answer('refresh', { status: 401, json: refusal })
    await expect(page.client.fetch(ORDERS)).rejects.toMatchObject({ code: 'session_expired' })
    expect(page.client.getSnapshot()).toMatchObject({
      ...cookiesNotStored,
      error: { ...cookiesNotStored.error, agentCode: 'session_expired', details: 'not readable' },
    })
  })

  it('is found out by the page that the app opens afterwards', async () => {
    const page = await signIn()
    const next = page.open(`${HOME}orders`)
    expect((await next.client.load()).session).toMatchObject(cookiesNotStored)
    expect((await next.open(HOME).client.load()).session.status).toBe('unauthenticated')
  })
})

describe('an ended session is no matter of cookies when', () => {
  it('the session was seen since the sign-in', async () => {
    const page = await signIn()
    page.agent.answer('session', signedIn)
    await page.client.session()
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('the access token was refreshed since the sign-in', async () => {
    const page = await signIn()
    await page.client.refresh()
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('an API has let a request through since the sign-in', async () => {
    const page = await signIn()
    await page.client.fetch(ORDERS)
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('the sign-in was a while ago', async () => {
    const page = await signIn()
    page.tab.advance(15_000)
    page.agent.answer('session', signedOut)
    expect(await page.client.session()).toEqual({ status: 'unauthenticated', reason: 'expired' })
  })

  it('the user has signed out', async () => {
    const page = await signIn()
    await page.client.logout()
    page.tab.localStorage.delete(FLAG)
    expect((await page.open(HOME).client.load()).session).toEqual({
      status: 'unauthenticated',
      reason: 'none',
    })
  })
})

describe('a reload in the middle of ending a sign-in', () => {
  async function reloadInTheMiddle(): Promise<Page> {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', () => createGate().passed.then(() => signedIn))
    void page.client.load()
    await settle()
    return page.open(page.tab.url())
  }

  it('waits for the cookies of the first page, and knows where the user wanted to be', async () => {
    const page = await reloadInTheMiddle()
    const loading = page.client.load()
    await settle()
    expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
    page.tab.advance(500)
    await settle()
    page.agent.answer('session', signedIn)
    page.tab.advance(1_500)
    expect(await loading).toMatchObject({
      session: { ...alice, accessTokenExpiresAt: alice.accessTokenExpiresAt + 2_000 },
      returnTo: '/orders/7?tab=2#items',
      appState: { draft: 'x' },
    })
    expect(page.agent.calls('session')).toHaveLength(3)
  })

  it('is signed out when they have not come after five seconds', async () => {
    const page = await reloadInTheMiddle()
    const loading = page.client.load()
    for (const pause of [500, 1_500, 3_000]) {
      await settle()
      expect(page.client.getSnapshot()).toEqual({ status: 'loading' })
      page.tab.advance(pause)
    }
    expect((await loading).session).toEqual({ status: 'unauthenticated', reason: 'none' })
    expect(page.agent.calls('session')).toHaveLength(4)
  })

  it('waits too when the page that was left was told of a broken connection', async () => {
    const page = await comeBack('?code=c&state=s1')
    page.agent.answer('endLogin', networkError)
    void page.client.load()
    await settle()
    const reloaded = page.open(page.tab.url())
    const loading = reloaded.client.load()
    await settle()
    page.agent.answer('session', signedIn)
    page.tab.advance(500)
    expect(page.agent.calls('endLogin')).toHaveLength(1)
    expect(await loading).toMatchObject({
      session: { status: 'authenticated' },
      returnTo: '/orders/7?tab=2#items',
    })
  })

  it('that had just succeeded still goes on to where the user wanted to be', async () => {
    const page = openPage({ callbackPath: '/callback' })
    void page.client.login({ returnTo: '/orders/7' })
    await settle()
    const callback = page.open(`${HOME}callback?code=c&state=s1`)
    await callback.client.load()
    callback.agent.answer('session', signedIn)
    const reloaded = await callback.open(callback.tab.url()).client.load()
    expect(reloaded).toMatchObject({ session: { status: 'authenticated' }, returnTo: '/orders/7' })
    const later = await callback.open(HOME).client.load()
    expect(later.returnTo).toBeUndefined()
  })

  it('a while ago is forgotten', async () => {
    const page = await reloadInTheMiddle()
    page.tab.advance(15_000)
    expect((await page.client.load()).session.status).toBe('unauthenticated')
    expect(page.agent.calls('session')).toHaveLength(1)
  })
})
