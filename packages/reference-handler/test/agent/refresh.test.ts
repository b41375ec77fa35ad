// Refreshing the session.
import { describe, expect, it } from 'vitest'
import { proxyName, renewed, sessionExpired, sessionName } from '../support/answers.ts'
import { createSignedInWorld, createWorld, isSignedIn } from '../support/world.ts'

describe('a refresh', () => {
  it('gets new tokens and rewrites both cookies', async () => {
    const { browser, server } = await createSignedInWorld()
    const before = new Map(browser.cookies)
    const answer = await browser.post('/refresh')
    expect(answer).toMatchObject(renewed)
    expect(Object.keys(answer.body)).toEqual(['access_token_expires_in'])
    expect([...browser.cookies.keys()]).toEqual([proxyName, sessionName])
    for (const [name, value] of before) expect(browser.cookies.get(name)).not.toBe(value)
    expect(server.calls.token).toBe(1)
  })

  it('keeps the session, its claims and its rotating refresh token going', async () => {
    const { browser, clock, server } = await createSignedInWorld()
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
    const { browser, clock } = await createSignedInWorld({ rotation: false })
    for (let count = 0; count < 3; count++) {
      clock.now += 300_000
      expect(await browser.post('/refresh')).toMatchObject(renewed)
    }
  })

  it('tells nothing about an expiry that nobody knows', async () => {
    const { browser } = await createSignedInWorld({ expiresIn: null })
    expect(await browser.post('/refresh')).toMatchObject({ status: 200, text: '{}' })
  })

  it('takes over new claims', async () => {
    const { browser, server } = await createSignedInWorld()
    server.changeIdTokens({ name: 'Alice Married' })
    await browser.post('/refresh')
    expect((await browser.get('/session')).body).toMatchObject({
      id_token_claims: { name: 'Alice Married' },
    })
  })

  it('keeps the claims where no new ID token comes', async () => {
    const { browser, server } = await createSignedInWorld()
    server.override('token', () =>
      Response.json({ access_token: 'next', token_type: 'Bearer', expires_in: 300 }),
    )
    await browser.post('/refresh')
    expect((await browser.get('/session')).body).toMatchObject({
      id_token_claims: { sub: 'alice' },
    })
  })

  it('refuses an ID token for another user', async () => {
    const { browser, server } = await createSignedInWorld()
    server.changeIdTokens({ sub: 'mallory' })
    expect(await browser.post('/refresh')).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
      setCookies: [],
    })
  })

  it('refuses parameters, and names them', async () => {
    const { browser, server } = await createSignedInWorld()
    const answer = await browser.post('/refresh', { scope: 'admin' })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.body['detailed_error']).toContain('"scope"')
    expect(server.calls.token).toBe(0)
  })
})

it('tokens come for codes and refresh tokens, and never for a password', async () => {
  const world = await createSignedInWorld()
  await world.browser.post('/refresh')
  await world.browser.post('/logout')
  expect(world.server.forms.map((form) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
    null,
  ])
})

describe('a refresh that is impossible', () => {
  it('says so without a session cookie', async () => {
    const { browser } = await createWorld()
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
  })

  it.each(['garbage', ''])('says so with the session cookie "%s"', async (value) => {
    const { browser, server } = await createSignedInWorld()
    browser.cookies.set(sessionName, value)
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(0)
  })

  it('says so when the proxy cookie is sent as session cookie', async () => {
    const { browser } = await createSignedInWorld()
    browser.cookies.set(sessionName, browser.cookies.get(proxyName) ?? '')
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
  })

  it('says so without a refresh token', async () => {
    const { browser, server } = await createSignedInWorld({ refreshTokens: false })
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(0)
  })

  it('says so after the authorization server ended the session', async () => {
    const { browser, server } = await createSignedInWorld()
    server.endAllGrants()
    expect(await browser.post('/refresh')).toMatchObject(sessionExpired)
    expect(browser.cookies.size).toBe(0)
    expect(await isSignedIn(browser)).toBe(false)
  })
})
