// Binding a session to a device: what is offered, and which registrations are accepted.
import { describe, expect, it, test } from 'vitest'
import {
  bind,
  boundName,
  createDeviceKeys,
  offered,
  offerOf,
  register,
  sendOwn,
  signProof,
} from '../../support/device.ts'
import { proxyName, sessionName } from '../../support/answers.ts'
import { createSignedInWorld, createWorld, isSignedIn, signIn } from '../../support/world.ts'

const over = { status: 200, body: { continue: false }, setCookies: [] }

/** A world in which alice has just signed in, and what the agent has offered her browser. */
async function createOfferedWorld() {
  const world = await createWorld(offered)
  const offer = offerOf(await signIn(world, world.browser))
  return { ...world, offer, challenge: offer?.challenge ?? '' }
}

describe('an offer', () => {
  it('comes with the end of a sign-in, and names the endpoint', async () => {
    const { offer } = await createOfferedWorld()
    expect(offer).toMatchObject({ algorithms: 'ES256 RS256', path: '/oauth-agent/dbsc/register' })
  })

  it('comes with each refresh of a session that is not bound', async () => {
    const { browser, clock } = await createOfferedWorld()
    for (const _round of [1, 2]) {
      clock.now += 301_000
      expect(offerOf(await browser.post('/refresh'))).toBeDefined()
    }
  })

  it('does not come where device binding is off', async () => {
    const world = await createWorld()
    const answer = await signIn(world, world.browser)
    expect(answer.headers.has('secure-session-registration')).toBe(false)
    expect((await world.browser.post('/dbsc/register')).status).toBe(404)
    expect((await world.browser.post('/dbsc/refresh')).status).toBe(404)
  })

  it('does not come for a session that cannot be refreshed', async () => {
    const world = await createWorld({ ...offered, refreshTokens: false })
    expect(offerOf(await signIn(world, world.browser))).toBeUndefined()
  })

  it.each([
    [2400, 'ES256 RS256'],
    [3200, 'ES256'],
    [3400, undefined],
  ])('of a session cookie with %i bytes of claims is %s', async (bytes, algorithms) => {
    const claims = { note: 'ö'.repeat(bytes / 2 / (4 / 3)) }
    const world = await createWorld({ ...offered, claims })
    expect(offerOf(await signIn(world, world.browser))?.algorithms).toBe(algorithms)
  })
})

describe('a registration', () => {
  it('binds the session, sets two cookies, and tells the browser what waits for a proof', async () => {
    const { browser, offer } = await createOfferedWorld()
    const { answer } = await register(browser, offer)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.body).toMatchObject({
      refresh_url: '/oauth-agent/dbsc/refresh',
      scope: {
        include_site: false,
        scope_specification: [
          { type: 'exclude', domain: '*', path: '/' },
          { type: 'include', domain: '*', path: '/oauth-agent/session' },
          { type: 'include', domain: '*', path: '/oauth-agent/refresh' },
        ],
      },
      allowed_refresh_initiators: ['www.app.example'],
      credentials: [
        {
          type: 'cookie',
          name: '__Host-th-bound',
          attributes: 'Path=/; Secure; HttpOnly; SameSite=Strict',
        },
      ],
    })
    const names = answer.setCookies.map((line) => line.split('=')[0])
    expect(names).toEqual([boundName, sessionName])
    expect(answer.setCookies[0]).toMatch(/; Max-Age=300; Secure; HttpOnly; SameSite=Strict$/)
    expect(answer.headers.has('access-control-allow-origin')).toBe(false)
    answer.setCookies.forEach(browser.keep)
    expect((await browser.get('/session')).body).toMatchObject({
      is_logged_in: true,
      is_device_bound: true,
    })
  })

  it('takes RSA keys too', async () => {
    const { browser, offer } = await createOfferedWorld()
    const { binding } = await register(browser, offer, await createDeviceKeys('RS256'))
    expect(binding).toBeDefined()
  })

  it('takes a proof in quotes, as the draft writes it', async () => {
    const { browser, challenge } = await createOfferedWorld()
    const proof = await signProof(await createDeviceKeys(), challenge, { withKey: true })
    const answer = await sendOwn(browser, '/dbsc/register', { proof: `"${proof}"` })
    expect(answer.body).toHaveProperty('credentials')
  })

  it('without a session, or without a proof, binds nothing', async () => {
    const { browser, newBrowser, offer } = await createOfferedWorld()
    expect((await register(newBrowser(), offer)).answer).toMatchObject(over)
    expect(await sendOwn(browser, '/dbsc/register')).toMatchObject(over)
  })

  it('over a challenge that is none, or is for another sign-in, binds nothing', async () => {
    const world = await createOfferedWorld()
    const other = world.newBrowser()
    world.clock.now += 1
    const foreign = offerOf(await signIn(world, other, 'bob'))
    expect((await register(world.browser, foreign)).answer).toMatchObject(over)
    const again = offerOf(await signIn(world, world.newBrowser()))
    expect((await register(world.browser, again)).answer).toMatchObject(over)
    const unknown = { algorithms: 'ES256', path: '', challenge: 'x' }
    expect((await register(world.browser, unknown)).answer).toMatchObject(over)
  })

  it('over the content of a bound cookie binds nothing', async () => {
    const { browser, offer } = await createOfferedWorld()
    await bind(browser, offer)
    const bound = { algorithms: 'ES256', path: '', challenge: browser.cookies.get(boundName) ?? '' }
    expect((await register(browser, bound)).answer).toMatchObject(over)
  })

  test.each([
    ['of another type', { header: { typ: 'JWT' } }],
    ['that names no key', { withKey: false }],
    ['whose content has no challenge', { payload: { sub: 'alice' } }],
    ['whose content is no object', { payload: null }],
  ])('with a proof %s binds nothing', async (_what, changes) => {
    const { browser, challenge } = await createOfferedWorld()
    const proof = await signProof(await createDeviceKeys(), challenge, {
      withKey: true,
      ...changes,
    })
    expect(await sendOwn(browser, '/dbsc/register', { proof })).toMatchObject(over)
  })

  it('with a proof that another key has signed binds nothing', async () => {
    const { browser, challenge } = await createOfferedWorld()
    const { jwk } = await createDeviceKeys()
    const proof = await signProof(await createDeviceKeys(), challenge, { header: { jwk } })
    expect(await sendOwn(browser, '/dbsc/register', { proof })).toMatchObject(over)
  })

  it('of a session that is bound already binds nothing', async () => {
    const { browser, offer } = await createOfferedWorld()
    await bind(browser, offer)
    expect((await register(browser, offer)).answer).toMatchObject(over)
  })

  it('of two at the same time, one counts', async () => {
    const { browser, offer } = await createOfferedWorld()
    const both = await Promise.all([register(browser, offer), register(browser, offer)])
    const bindings = both.filter(({ binding }) => binding !== undefined)
    expect(bindings).toHaveLength(1)
    expect(both.find(({ binding }) => binding === undefined)?.answer).toMatchObject(over)
  })

  it('that comes later than refresh.freshFor binds nothing, and the next refresh offers another', async () => {
    const { browser, clock, offer } = await createOfferedWorld()
    clock.now += 5_000
    expect((await register(browser, offer)).answer).toMatchObject(over)
    clock.now += 301_000
    const next = offerOf(await browser.post('/refresh'))
    await bind(browser, next)
    expect((await browser.get('/session')).body).toMatchObject({ is_device_bound: true })
  })

  it('after a sign-out binds nothing', async () => {
    const { browser, offer } = await createOfferedWorld()
    const cookies = new Map(browser.cookies)
    await browser.post('/logout')
    for (const [name, value] of cookies) browser.cookies.set(name, value)
    expect((await register(browser, offer)).answer).toMatchObject(over)
  })

  it('of a page is none: a script cannot register a key of its own', async () => {
    const { browser, challenge } = await createOfferedWorld()
    const proof = await signProof(await createDeviceKeys(), challenge, { withKey: true })
    for (const mode of ['cors', 'same-origin', 'navigate']) {
      const headers = { 'sec-fetch-mode': mode }
      const answer = await sendOwn(browser, '/dbsc/register', { proof, headers })
      expect(answer).toMatchObject({ status: 503, setCookies: [] })
    }
  })

  it('does not fit into the cookies of a session that has grown: it goes on as it is', async () => {
    const world = await createOfferedWorld()
    const [key] = [await createDeviceKeys('RS256')]
    const claims = { note: 'ö'.repeat(1230) }
    const tight = await createWorld({ ...offered, claims })
    const offer = offerOf(await signIn(tight, tight.browser))
    expect(offer?.algorithms).toBe('ES256')
    expect((await register(tight.browser, offer, key)).answer).toMatchObject(over)
    expect(await isSignedIn(tight.browser)).toBe(true)
    expect(world.offer).toBeDefined()
  })
})

describe('a registration and a refresh', () => {
  it('whoever comes with the session from before the registration gets no other cookies, and no refresh', async () => {
    const { browser, clock, offer, server } = await createOfferedWorld()
    const before = new Map(browser.cookies)
    const { answer, binding } = await register(browser, offer)
    expect(binding).toBeDefined()
    const calls = server.calls.token
    // The answer is still under way, and the access token is not fresh any more.
    for (const seconds of [6, 13]) {
      clock.now += seconds * 1000
      const refreshed = await browser.send('POST', '/refresh')
      expect(refreshed).toMatchObject({ status: 200, setCookies: [] })
    }
    expect(server.calls.token).toBe(calls)
    expect(new Map(browser.cookies)).toEqual(before)

    answer.setCookies.forEach(browser.keep)
    clock.now += 10_000
    expect((await browser.post('/refresh')).status).toBe(200)
    expect((await browser.get('/session')).body).toMatchObject({ is_device_bound: true })
  })

  it('an answer that never comes loses nothing: later the session is refreshed, and offered again', async () => {
    const { browser, clock, offer } = await createOfferedWorld()
    await register(browser, offer)
    clock.now += 301_000
    const refreshed = await browser.post('/refresh')
    expect(refreshed.status).toBe(200)
    await bind(browser, offerOf(refreshed))
    expect((await browser.get('/session')).body).toMatchObject({ is_device_bound: true })
  })

  it('while a refresh is under way, a registration binds nothing', async () => {
    const { browser, offer } = await createOfferedWorld()
    // The browser has lost its access token, so that a fresh session is refreshed all the same.
    browser.cookies.delete(proxyName)
    const [refreshed, { answer }] = await Promise.all([
      browser.send('POST', '/refresh'),
      register(browser, offer),
    ])
    const isBound = answer.setCookies.length > 0
    // Whichever came first, the other has changed nothing.
    expect(refreshed.setCookies.length > 0).toBe(!isBound)
    expect(refreshed.status).toBe(200)
  })

  it('a refresh keeps the key, also where the refresh token stays the same', async () => {
    for (const rotation of [true, false]) {
      const world = await createWorld({ ...offered, rotation })
      await bind(world.browser, offerOf(await signIn(world, world.browser)))
      world.clock.now += 200_000
      expect((await world.browser.post('/refresh')).status).toBe(200)
      expect((await world.browser.get('/session')).body).toMatchObject({ is_device_bound: true })
    }
  })

  it('switched off again, device binding asks for nothing, and the next refresh forgets the key', async () => {
    const world = await createOfferedWorld()
    await bind(world.browser, world.offer)
    world.browser.cookies.delete(boundName)
    const off = {
      ...world.configuration,
      deviceBinding: { ...world.configuration.deviceBinding, mode: 'off' as const },
    }
    const other = world.newBrowser(world.createAgent(off))
    for (const [name, value] of world.browser.cookies) other.cookies.set(name, value)
    expect(await isSignedIn(other)).toBe(true)
    world.clock.now += 301_000
    expect((await other.post('/refresh')).status).toBe(200)
    for (const [name, value] of other.cookies) world.browser.cookies.set(name, value)
    const { body } = await world.browser.get('/session')
    expect(body).toMatchObject({ is_logged_in: true })
    expect(body).not.toHaveProperty('is_device_bound')
  })
})

test('without device binding a session is as it was', async () => {
  const { browser } = await createSignedInWorld()
  expect((await browser.get('/session')).body).not.toHaveProperty('is_device_bound')
})
