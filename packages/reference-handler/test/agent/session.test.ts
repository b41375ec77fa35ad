// Asking who is signed in.
import { describe, expect, it } from 'vitest'
import { proxyName, sessionName } from '../support/answers.ts'
import { tamper } from '../support/tamper.ts'
import { createWorld, signIn } from '../support/world.ts'

const signedOut = { status: 200, body: { is_logged_in: false }, setCookies: [] }

describe('the session', () => {
  it('is nobody’s without a cookie', async () => {
    const { browser, server } = await createWorld()
    expect(await browser.get('/session')).toMatchObject(signedOut)
    expect(server.calls).toEqual({ metadata: 0, jwks: 0, par: 0, token: 0, revocation: 0 })
  })

  it('tells the claims and the seconds that remain, and sets no cookie', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    world.clock.now += 100_500
    const answer = await world.browser.get('/session')
    expect(answer.setCookies).toEqual([])
    expect(answer.body).toMatchObject({
      is_logged_in: true,
      id_token_claims: { sub: 'alice' },
      access_token_expires_in: 199,
    })
  })

  it('goes on after the access token has expired, while there is a refresh token', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    world.clock.now += 400_000
    expect((await world.browser.get('/session')).body).toMatchObject({
      is_logged_in: true,
      access_token_expires_in: 0,
    })
  })

  it('ends with the access token when there is no refresh token', async () => {
    const world = await createWorld({ refreshTokens: false })
    await signIn(world, world.browser)
    world.clock.now += 299_000
    expect((await world.browser.get('/session')).body).toMatchObject({ is_logged_in: true })
    world.clock.now += 1_000
    expect(await world.browser.get('/session')).toMatchObject(signedOut)
  })

  it.each([
    ['tampered with', tamper],
    ['truncated', (value: string) => value.slice(0, -10)],
    ['emptied', () => ''],
    ['replaced by garbage', () => 'x'.repeat(5000)],
  ])('is nobody’s when its cookie was %s', async (_, change) => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const value = world.browser.cookies.get(sessionName) ?? ''
    world.browser.cookies.set(sessionName, change(value))
    expect(await world.browser.get('/session')).toMatchObject(signedOut)
  })

  it('is nobody’s when the proxy cookie is sent in its place', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    world.browser.cookies.set(sessionName, world.browser.cookies.get(proxyName) ?? '')
    expect(await world.browser.get('/session')).toMatchObject(signedOut)
  })

  it('survives the rotation of secrets', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const { cookies } = world.configuration
    const secrets = ['another secret with enough randomness', ...cookies.secrets]
    const rotated = world.newBrowser(
      world.createAgent({ ...world.configuration, cookies: { ...cookies, secrets } }),
    )
    for (const [name, value] of world.browser.cookies) rotated.cookies.set(name, value)
    expect((await rotated.get('/session')).body).toMatchObject({ is_logged_in: true })
    expect(await rotated.post('/refresh')).toMatchObject({ status: 200 })
    expect(rotated.cookies.get(sessionName)).not.toBe(world.browser.cookies.get(sessionName))
  })
})
