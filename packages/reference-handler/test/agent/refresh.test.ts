// Refreshing the session.
import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
import { describe, expect, it } from 'vitest'
import { createWorld, isSignedIn, signIn } from '../support/world.ts'
import type { WorldOptions } from '../support/world.ts'

const proxyName = cookieName(DEFAULT_COOKIE_PREFIX, 'proxy')
const sessionName = cookieName(DEFAULT_COOKIE_PREFIX, 'session')
const clearing = [proxyName, sessionName].map(
  (name) => `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`,
)
const sessionExpired = {
  status: 401,
  body: { error_code: 'session_expired' },
  setCookies: clearing,
}
const renewed = { status: 200, body: { access_token_expires_in: 300 } }

/** A world in which alice is signed in; `tokenCalls` counts from here. */
async function signedIn(options: WorldOptions = {}) {
  const world = await createWorld(options)
  await signIn(world, world.browser)
  world.server.calls.token = 0
  return world
}

describe('a refresh', () => {
  it('gets new tokens and rewrites both cookies', async () => {
    const { browser, server } = await signedIn()
    const before = new Map(browser.cookies)
    const answer = await browser.post('/refresh')
    expect(answer).toMatchObject(renewed)
    expect(Object.keys(answer.body)).toEqual(['access_token_expires_in'])
    expect([...browser.cookies.keys()]).toEqual([proxyName, sessionName])
    for (const [name, value] of before) expect(browser.cookies.get(name)).not.toBe(value)
    expect(server.calls.token).toBe(1)
  })

  it('keeps the session, its claims and its rotating refresh token going', async () => {
    const { browser, clock, server } = await signedIn()
    for (let count = 0; count < 5; count++) {
      clock.now += 300_000
      expect(await browser.post('/refresh')).toMatchObject(renewed)
    }
    expect(server.calls.token).toBe(5)
    expect((await browser.get('/session')).body).toMatchObject({
      is_logged_in: true,
      id_token_claims: { sub: 'alice' },
      access_token_expires_in: 300,
    })
  })

  it('keeps the refresh token where it does not rotate', async () => {
    const { browser, clock } = await signedIn({ rotation: false })
    for (let count = 0; count < 3; count++) {
      clock.now += 300_000
      expect(await browser.post('/refresh')).toMatchObject(renewed)
    }
  })

  it('tells nothing about an expiry that nobody knows', async () => {
    const { browser } = await signedIn({ expiresIn: null })
    expect(await browser.post('/refresh')).toMatchObject({ status: 200, text: '{}' })
  })

  it('takes over new claims', async () => {
    const { browser, server } = await signedIn()
    server.changeIdTokens({ name: 'Alice Married' })
    await browser.post('/refresh')
    expect((await browser.get('/session')).body).toMatchObject({
      id_token_claims: { name: 'Alice Married' },
    })
  })

  it('refuses an ID token for another user', async () => {
    const { browser, server } = await signedIn()
    server.changeIdTokens({ sub: 'mallory' })
    expect(await browser.post('/refresh')).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
      setCookies: [],
    })
  })

  it('refuses parameters, and names them', async () => {
    const { browser, server } = await signedIn()
    const answer = await browser.post('/refresh', { scope: 'admin' })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.body['detailed_error']).toContain('"scope"')
    expect(server.calls.token).toBe(0)
  })
})

describe('a refresh that is impossible', () => {
  it('says so without a session cookie', async () => {
    const { browser } = await createWorld()
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
  })

  it.each(['garbage', ''])('says so with the session cookie "%s"', async (value) => {
    const { browser, server } = await signedIn()
    browser.cookies.set(sessionName, value)
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(0)
  })

  it('says so when the proxy cookie is sent as session cookie', async () => {
    const { browser } = await signedIn()
    browser.cookies.set(sessionName, browser.cookies.get(proxyName) ?? '')
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
  })

  it('says so without a refresh token', async () => {
    const { browser, server } = await signedIn({ refreshTokens: false })
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(0)
  })

  it('says so after the authorization server ended the session', async () => {
    const { browser, server } = await signedIn()
    server.endAllGrants()
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(browser.cookies.size).toBe(0)
    expect(await isSignedIn(browser)).toBe(false)
  })
})

describe('refreshes at the same time', () => {
  it('are one call to the authorization server, with the same cookies for everyone', async () => {
    const { browser, server } = await signedIn()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => browser.send('POST', '/refresh')),
    )
    expect(server.calls.token).toBe(1)
    for (const answer of answers) {
      expect(answer).toMatchObject(renewed)
      expect(answer.setCookies).toEqual(answers[0]?.setCookies)
    }
    answers[0]?.setCookies.forEach(browser.keep)
    expect(await browser.post('/refresh')).toMatchObject(renewed)
  })
})

describe('a refresh whose answer was lost', () => {
  it('is answered again, with the same cookies, and the seconds that still remain', async () => {
    const { browser, clock, server } = await signedIn()
    const lost = await browser.send('POST', '/refresh')
    clock.now += 19_000
    const again = await browser.post('/refresh')
    expect(again.setCookies).toEqual(lost.setCookies)
    expect(again.body).toEqual({ access_token_expires_in: 281 })
    expect(server.calls.token).toBe(1)
    expect(await browser.post('/refresh')).toMatchObject(renewed)
  })

  it('is asked anew once the result is not kept any more', async () => {
    const { browser, clock, server } = await signedIn()
    await browser.send('POST', '/refresh')
    clock.now += 20_001
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(2)
  })
})

describe('a fresh access token', () => {
  const freshFor = { configuration: { refresh: { freshFor: 5 } } }

  it('is not refreshed again', async () => {
    const { browser, clock, server } = await signedIn(freshFor)
    clock.now += 4_000
    expect(await browser.post('/refresh')).toMatchObject({
      status: 200,
      body: { access_token_expires_in: 296 },
      setCookies: [],
    })
    expect(server.calls.token).toBe(0)
    clock.now += 1_000
    expect(await browser.post('/refresh')).toMatchObject(renewed)
    expect(server.calls.token).toBe(1)
  })

  it('is refreshed when it is about to expire', async () => {
    const { browser, server } = await signedIn({ ...freshFor, expiresIn: 5 })
    await browser.post('/refresh')
    expect(server.calls.token).toBe(1)
  })

  it('is replaced when the browser lost it', async () => {
    const { browser } = await signedIn(freshFor)
    browser.cookies.delete(proxyName)
    await browser.post('/refresh')
    expect(browser.cookies.has(proxyName)).toBe(true)
  })
})
