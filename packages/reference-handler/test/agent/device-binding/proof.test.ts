// Proving that the key is still here, and what is refused without a proof.
import { describe, expect, it, test } from 'vitest'
import { removal, sessionExpired, sessionName } from '../../support/answers.ts'
import type { Browser } from '../../support/browser.ts'
import {
  bind,
  boundName,
  challengeOf,
  createDeviceKeys,
  offered,
  offerOf,
  prove,
  sendOwn,
  signProof,
} from '../../support/device.ts'
import { createWorld, isSignedIn, signIn } from '../../support/world.ts'
import type { WorldOptions } from '../../support/world.ts'

/** A world in which alice's session is bound. */
async function createBoundWorld(options: WorldOptions = offered) {
  const world = await createWorld(options)
  const binding = await bind(world.browser, offerOf(await signIn(world, world.browser)))
  return { ...world, binding }
}

const expired = { status: 401, body: { error_code: 'session_expired' } }
const later = { status: 503, body: { error_code: 'temporarily_unavailable' } }
const skipped = { 'secure-session-skipped': 'unreachable;session_identifier="th-x"' }

const copyTo = (thief: Browser, { cookies }: Browser, ...without: readonly string[]) => {
  for (const [name, value] of cookies) if (!without.includes(name)) thief.cookies.set(name, value)
}

describe('a proof', () => {
  it('is asked for with a challenge, and brings a bound cookie and the next challenge', async () => {
    const { binding, browser, clock } = await createBoundWorld()
    clock.now += 301_000
    browser.cookies.delete(boundName)
    const { id, keys } = binding
    const asked = await sendOwn(browser, '/dbsc/refresh', { id })
    expect(asked).toMatchObject({ status: 403, setCookies: [] })
    const proof = await signProof(keys, challengeOf(asked) ?? '')
    const proven = await sendOwn(browser, '/dbsc/refresh', { id, proof })
    expect(proven).toMatchObject({ status: 200, body: { session_identifier: id } })
    expect(proven.setCookies.map((line) => line.split('=')[0])).toEqual([boundName])
    expect(challengeOf(proven)).toBeDefined()
    proven.setCookies.forEach(browser.keep)
    expect((await browser.post('/refresh')).status).toBe(200)
  })

  it('over the challenge that came with the last answer needs no other request', async () => {
    const { binding, browser } = await createBoundWorld()
    const { challenge = '', id, keys } = binding
    const proof = await signProof(keys, challenge)
    expect((await sendOwn(browser, '/dbsc/refresh', { id, proof })).status).toBe(200)
    expect((await sendOwn(browser, '/dbsc/refresh', { id: `"${id}"`, proof })).status).toBe(200)
  })

  it('over a challenge that is too old is asked for again', async () => {
    const { binding, browser, clock } = await createBoundWorld()
    const { challenge = '', id, keys } = binding
    clock.now += 3_600_001
    const answer = await sendOwn(browser, '/dbsc/refresh', {
      id,
      proof: await signProof(keys, challenge),
    })
    expect(answer.status).toBe(403)
    expect(challengeOf(answer)).toBeDefined()
  })

  it('over a challenge for another session is asked for again', async () => {
    const world = await createBoundWorld()
    const other = world.newBrowser()
    const foreign = offerOf(await signIn(world, other, 'bob'))
    const { id, keys } = world.binding
    const proof = await signProof(keys, foreign?.challenge ?? '')
    expect((await sendOwn(world.browser, '/dbsc/refresh', { id, proof })).status).toBe(403)
  })

  it('that cannot be read is asked for again', async () => {
    const { binding, browser } = await createBoundWorld()
    for (const proof of ['x', 'a.b.c', 'x'.repeat(5000)]) {
      const answer = await sendOwn(browser, '/dbsc/refresh', { id: binding.id, proof })
      expect(answer.status).toBe(403)
      expect(challengeOf(answer)).toBeDefined()
    }
  })

  test.each(['ES256', 'RS256'] as const)(
    'by another key (%s) is the end: no other proof of this browser would be better',
    async (alg) => {
      const { binding, browser } = await createBoundWorld()
      const { challenge = '', id } = binding
      const proof = await signProof(await createDeviceKeys(alg), challenge, { withKey: true })
      const answer = await sendOwn(browser, '/dbsc/refresh', { id, proof })
      const body = { session_identifier: id, continue: false }
      expect(answer).toMatchObject({ status: 200, body, setCookies: [] })
    },
  )

  it('for the binding of an earlier sign-in ends that one, and nothing else', async () => {
    const world = await createBoundWorld()
    const before = world.binding
    world.clock.now += 1
    const binding = await bind(world.browser, offerOf(await signIn(world, world.browser, 'bob')))
    expect(binding.id).not.toBe(before.id)
    expect((await prove(world.browser, before)).body).toEqual({
      session_identifier: before.id,
      continue: false,
    })
    expect((await prove(world.browser, binding)).status).toBe(200)
  })

  it('that names no session of the browser proves nothing', async () => {
    const { binding, browser } = await createBoundWorld()
    const proof = await signProof(binding.keys, binding.challenge ?? '')
    const answer = await sendOwn(browser, '/dbsc/refresh', { proof })
    expect(answer).toMatchObject({ status: 200, body: { continue: false }, setCookies: [] })
  })

  it('after a sign-out, or of a session without a key, ends the binding in the browser', async () => {
    const { binding, browser } = await createBoundWorld()
    const signedOut = await browser.post('/logout')
    expect(signedOut.setCookies).toContain(removal(boundName))
    const body = { session_identifier: binding.id, continue: false }
    expect(await prove(browser, binding)).toMatchObject({ status: 200, body })

    const world = await createWorld(offered)
    await signIn(world, world.browser)
    expect(await prove(world.browser, binding)).toMatchObject({ status: 200, body })
  })
})

describe('a session that is bound', () => {
  it('cannot be asked for, nor refreshed, without a bound cookie', async () => {
    const { browser, newBrowser } = await createBoundWorld()
    const thief = newBrowser()
    copyTo(thief, browser, boundName)
    expect(await thief.get('/session')).toMatchObject({ ...expired, setCookies: [] })
    const refused = await thief.post('/refresh')
    expect(refused).toMatchObject({ status: 401, body: sessionExpired.body })
    expect(refused.setCookies).toContain(removal(sessionName))
    expect(refused.body['detailed_error']).toMatch(/bound to a device/)
    expect(await isSignedIn(browser)).toBe(true)
    expect((await browser.post('/refresh')).status).toBe(200)
  })

  it('cannot be with the bound cookie of another session', async () => {
    const world = await createBoundWorld()
    const other = world.newBrowser()
    await bind(other, offerOf(await signIn(world, other, 'bob')))
    const thief = world.newBrowser()
    copyTo(thief, world.browser)
    thief.cookies.set(boundName, other.cookies.get(boundName) ?? '')
    expect(await thief.get('/session')).toMatchObject(expired)
    expect(await thief.post('/refresh')).toMatchObject(expired)
  })

  it('cannot be with a challenge in place of the bound cookie', async () => {
    const { binding, browser, newBrowser } = await createBoundWorld()
    const thief = newBrowser()
    copyTo(thief, browser)
    thief.cookies.set(boundName, binding.challenge ?? '')
    expect(await thief.get('/session')).toMatchObject(expired)
  })

  it('is there later when the browser says that it has skipped the proof', async () => {
    const { browser } = await createBoundWorld()
    const kept = browser.cookies.get(boundName) ?? ''
    browser.cookies.delete(boundName)
    for (const [method, path] of [
      ['GET', '/session'],
      ['POST', '/refresh'],
    ] as const) {
      const answer = await browser.send(method, path, { headers: skipped })
      expect(answer).toMatchObject({ ...later, setCookies: [] })
      expect(answer.headers.get('retry-after')).toBe('5')
    }
    browser.cookies.set(boundName, kept)
    const answer = await browser.send('GET', '/session', { headers: skipped })
    expect(answer.body).toMatchObject({ is_logged_in: true })
  })

  it('outlives a bound cookie that comes a little late', async () => {
    const { browser, clock } = await createBoundWorld()
    clock.now += 359_000
    expect(await isSignedIn(browser)).toBe(true)
  })

  it('with a bound cookie that is too old is there later: without that cookie, the browser makes a new proof', async () => {
    const { browser, clock } = await createBoundWorld()
    clock.now += 361_000
    for (const [method, path] of [
      ['GET', '/session'],
      ['POST', '/refresh'],
    ] as const) {
      const answer = await browser.send(method, path)
      expect(answer).toMatchObject({ ...later, setCookies: [removal(boundName)] })
    }
  })

  it('goes on beside a bound cookie that somebody has planted', async () => {
    const { browser } = await createBoundWorld()
    const pairs = [...browser.cookies].map(([name, value]) => `${name}=${value}`)
    const cookie = [`${boundName}=planted`, ...pairs, `${boundName}=planted`].join('; ')
    const answer = await browser.send('GET', '/session', { headers: { cookie } })
    expect(answer.body).toMatchObject({ is_logged_in: true, is_device_bound: true })
  })

  it('can be signed out of without a proof', async () => {
    const { browser, server } = await createBoundWorld()
    browser.cookies.delete(boundName)
    expect((await browser.post('/logout')).status).toBe(200)
    expect(server.calls.revocation).toBe(1)
  })
})

describe('where it is required', () => {
  const required = {
    configuration: { deviceBinding: { mode: 'require', within: 600 }, refresh: { freshFor: 5 } },
  } as const

  it('a session that is not bound ends when the time is over, API calls included', async () => {
    const world = await createWorld({ ...required, expiresIn: 3600 })
    const ended = await signIn(world, world.browser)
    expect(ended.body).toMatchObject({ access_token_expires_in: 600 })
    world.clock.now += 599_000
    expect(await isSignedIn(world.browser)).toBe(true)
    world.clock.now += 1_000
    expect(await world.browser.get('/session')).toMatchObject(expired)
    const refused = await world.browser.post('/refresh')
    expect(refused).toMatchObject(expired)
    expect(refused.body['detailed_error']).toMatch(/deviceBinding.within/)
  })

  it('a refresh does not give it more time, but another chance', async () => {
    const world = await createWorld(required)
    await signIn(world, world.browser)
    world.clock.now += 301_000
    const refreshed = await world.browser.post('/refresh')
    expect(refreshed.body).toEqual({ access_token_expires_in: 299 })
    await bind(world.browser, offerOf(refreshed))
    world.clock.now += 300_000
    expect(await isSignedIn(world.browser)).toBe(true)
  })

  it('a session that is bound goes on', async () => {
    const world = await createBoundWorld(required)
    world.clock.now += 601_000
    world.browser.cookies.delete(boundName)
    const proven = await prove(world.browser, world.binding)
    proven.setCookies.forEach(world.browser.keep)
    expect((await world.browser.post('/refresh')).body).toEqual({ access_token_expires_in: 300 })
  })
})
