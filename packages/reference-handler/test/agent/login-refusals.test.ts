// Logins that must not succeed, and what becomes of the login cookie.
import { describe, expect, it } from 'vitest'
import { changeCallback } from '../support/change-callback.ts'
import { issuer } from '../support/provider.ts'
import { tamper } from '../support/tamper.ts'
import { beginLogin, createWorld, isSignedIn, signIn } from '../support/world.ts'

const invalid = { status: 400, body: { error_code: 'invalid_request' } }

describe('a response to somebody else’s login', () => {
  it.each([
    ['an unknown state', { state: 'a-state-nobody-has-seen' }],
    ['no state', { state: undefined }],
    ['an empty state', { state: '' }],
    ['nothing but a state', { code: undefined }],
    ['an empty code', { code: '' }],
    ['an empty error', { code: undefined, error: '' }],
    ['nothing', { code: undefined, state: undefined, iss: undefined }],
  ])('is refused with %s, and touches no login cookie', async (_, changes) => {
    const { browser, callback, server } = await beginLogin()
    const answer = await browser.post('/login/end', changeCallback(callback, changes))
    expect(answer).toMatchObject(invalid)
    expect(answer.setCookies).toEqual([])
    expect(server.calls.token).toBe(0)
    expect(await browser.post('/login/end', callback)).toMatchObject({ status: 200 })
  })

  it('is refused in a browser that did not begin the login', async () => {
    const { callback, newBrowser } = await beginLogin()
    const victim = newBrowser()
    expect(await victim.post('/login/end', callback)).toMatchObject(invalid)
    expect(await isSignedIn(victim)).toBe(false)
  })

  it('is refused with the code of another user’s login', async () => {
    const world = await beginLogin()
    const { browser, callback, loginCookie, server } = world
    const attacker = world.newBrowser()
    const { body } = await attacker.post('/login/start')
    const stolen = server.authenticate(String(body['authorization_url']), 'mallory')
    const mixed = changeCallback(callback, { code: stolen.get('code') ?? '' })
    const answer = await browser.post('/login/end', mixed)
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'authorization_error' } })
    expect(browser.cookies.has(loginCookie)).toBe(false)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is refused when it is replayed', async () => {
    const { browser, callback, server } = await beginLogin()
    expect(await browser.post('/login/end', callback)).toMatchObject({ status: 200 })
    expect(await browser.post('/login/end', callback)).toMatchObject(invalid)
    expect(server.calls.token).toBe(1)
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('is refused from another issuer, whose login it may be', async () => {
    const { browser, callback, server, loginCookie } = await beginLogin()
    const mixedUp = changeCallback(callback, { iss: 'https://evil.example' })
    expect(await browser.post('/login/end', mixedUp)).toMatchObject(invalid)
    expect(server.calls.token).toBe(0)
    expect(browser.cookies.has(loginCookie)).toBe(false)
  })

  it('is refused without the issuer that the metadata promises', async () => {
    const { browser, callback } = await beginLogin()
    const answer = await browser.post('/login/end', changeCallback(callback, { iss: undefined }))
    expect(answer).toMatchObject(invalid)
  })
})

describe('a login cookie', () => {
  it('is of no use after ten minutes', async () => {
    const { browser, callback, clock, loginCookie } = await beginLogin()
    clock.now += 600_001
    expect(await browser.post('/login/end', callback)).toMatchObject(invalid)
    expect(browser.cookies.has(loginCookie)).toBe(false)
  })

  it('is of no use when it was tampered with', async () => {
    const { browser, callback, loginCookie } = await beginLogin()
    browser.cookies.set(loginCookie, tamper(browser.cookies.get(loginCookie) ?? ''))
    expect(await browser.post('/login/end', callback)).toMatchObject(invalid)
    expect(browser.cookies.has(loginCookie)).toBe(false)
  })

  it('is of no use under the name of another login', async () => {
    const { browser, callback, loginCookie, server } = await beginLogin()
    await browser.post('/login/start')
    const [, other = ''] = browser.cookies.keys()
    browser.cookies.set(loginCookie, browser.cookies.get(other) ?? '')
    expect(await browser.post('/login/end', callback)).toMatchObject(invalid)
    expect(server.calls.token).toBe(0)
  })

  it('is refused when two come with the same name', async () => {
    const { browser, callback, loginCookie } = await beginLogin()
    const value = browser.cookies.get(loginCookie)
    const answer = await browser.send('POST', '/login/end', {
      headers: { cookie: `${loginCookie}=${value}; ${loginCookie}=planted` },
      body: callback,
    })
    expect(answer).toMatchObject(invalid)
  })
})

describe('a response that the agent cannot read', () => {
  it('is refused clearly when it is a signed one that was not asked for', async () => {
    const { browser } = await beginLogin()
    const answer = await browser.post('/login/end', { response: 'header.payload.signature' })
    expect(answer).toMatchObject(invalid)
    expect(answer.body['detailed_error']).toContain('JARM')
  })

  it.each(['query', 'query.jwt'] as const)(
    'is refused where a plain one holds a signed one, whatever is agreed upon: %s',
    async (responseMode) => {
      const { browser, callback, server } = await beginLogin({
        configuration: { client: { responseMode } },
      })
      const plain = Object.fromEntries(callback)
      const both = { ...plain, response: await server.sign(plain) }
      const answer = await browser.post('/login/end', both)
      expect(answer).toMatchObject(invalid)
      expect(answer.setCookies).toEqual([])
      expect(server.calls.token).toBe(0)
    },
  )

  it('is refused when a parameter occurs twice', async () => {
    const { browser, callback, server } = await beginLogin()
    callback.append('code', 'another')
    expect(await browser.post('/login/end', callback)).toMatchObject(invalid)
    expect(server.calls.token).toBe(0)
  })
})

describe('a login in one deployment', () => {
  it.each([
    ['client', {}, { id: 'other' }],
    [
      'authorization server',
      {
        issuer: 'https://evil.example',
        authorizationEndpoint: 'https://evil.example/authorize',
        tokenEndpoint: `${issuer}/token`,
        jwksUri: `${issuer}/jwks`,
      },
      {},
    ],
  ])(
    'is of no use in one with the same secret and another %s, whatever iss says',
    async (_, authorizationServer, client) => {
      const { browser, callback, configuration, createAgent, newBrowser, server } =
        await beginLogin()
      const other = createAgent({
        ...configuration,
        authorizationServer: { ...configuration.authorizationServer, ...authorizationServer },
        client: { ...configuration.client, ...client },
      })
      const visitor = newBrowser(other)
      for (const [name, value] of browser.cookies) visitor.cookies.set(name, value)
      callback.delete('iss')
      expect(await visitor.post('/login/end', callback)).toMatchObject(invalid)
      expect(server.calls.token).toBe(0)
    },
  )
})

it('a login keeps nobody signed in as the user before', async () => {
  const world = await createWorld()
  await signIn(world, world.browser, 'alice')
  await signIn(world, world.browser, 'bob')
  const { body } = await world.browser.get('/session')
  expect(body).toMatchObject({ id_token_claims: { sub: 'bob' } })
})
