// Signing out.
import { cookieName, DEFAULT_COOKIE_PREFIX } from '@token-handler/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { MockInstance } from 'vitest'
import { issuer } from '../support/authorization-server.ts'
import { createDeferred } from '../support/deferred.ts'
import { createWorld, signIn } from '../support/world.ts'
import type { World } from '../support/world.ts'

const proxyName = cookieName(DEFAULT_COOKIE_PREFIX, 'proxy')
const sessionName = cookieName(DEFAULT_COOKIE_PREFIX, 'session')
const cleared = (name: string) => `${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict`
const sessionExpired = {
  status: 401,
  body: { error_code: 'session_expired' },
  setCookies: [proxyName, sessionName].map(cleared),
}
const newestRefreshToken = (server: World['server']) =>
  [...server.secrets].findLast((secret) => secret.startsWith('refresh-token-'))
const logoutUrl = `${issuer}/end-session?client_id=spa&post_logout_redirect_uri=https%3A%2F%2Fwww.app.example%2F`

/** Makes the token endpoint wait, and tells when it was called. */
function holdTokenEndpoint(server: World['server']) {
  const called = createDeferred()
  const released = createDeferred()
  server.override('token', async (_url, init) => {
    called.resolve()
    await released.promise
    return await server.respond('token', init)
  })
  return { called: called.promise, release: released.resolve }
}

/** Resolves when the agent has looked up so many refresh tokens. */
async function lookedUp(spy: MockInstance<SubtleCrypto['sign']>, count: number): Promise<void> {
  await vi.waitFor(() => {
    const done = spy.mock.settledResults.filter(
      ({ type }, index) => type === 'fulfilled' && spy.mock.calls[index]?.[0] === 'HMAC',
    )
    expect(done).toHaveLength(count)
  })
  await new Promise(setImmediate)
}

describe('a logout', () => {
  it('clears every cookie, revokes the refresh token, and tells where the session ends', async () => {
    const world = await createWorld()
    const { browser, server } = world
    await browser.post('/login/start')
    const [loginName = ''] = browser.cookies.keys()
    await signIn(world, browser)
    const answer = await browser.post('/logout')
    expect(answer).toMatchObject({ status: 200, body: { logout_url: logoutUrl } })
    expect(answer.setCookies).toEqual([proxyName, sessionName, loginName].map(cleared))
    expect(browser.cookies.size).toBe(0)
    expect(server.revoked).toEqual([expect.stringMatching(/^refresh-token-/)])
  })

  it('succeeds for somebody who is not signed in', async () => {
    const { browser, server } = await createWorld()
    const answer = await browser.post('/logout')
    expect(answer).toMatchObject({ status: 200, body: { logout_url: logoutUrl } })
    expect(answer.setCookies).toEqual([proxyName, sessionName].map(cleared))
    expect(server.revoked).toEqual([])
  })

  it('clears cookies that are not readable, or planted', async () => {
    const { browser } = await createWorld()
    const cookie = `${sessionName}=garbage; ${sessionName}=planted`
    const answer = await browser.send('POST', '/logout', { headers: { cookie } })
    expect(answer.status).toBe(200)
    expect(answer.setCookies).toEqual([proxyName, sessionName].map(cleared))
  })

  it('has no URL where the authorization server ends no sessions', async () => {
    const world = await createWorld({ metadata: { end_session_endpoint: undefined } })
    await signIn(world, world.browser)
    expect(await world.browser.post('/logout')).toMatchObject({ status: 200, text: '{}' })
  })

  it('never sends the browser to a URL that is not http', async () => {
    const world = await createWorld({ metadata: { end_session_endpoint: 'javascript:alert(1)' } })
    expect(await world.browser.post('/logout')).toMatchObject({ status: 200, text: '{}' })
  })

  it('succeeds where nothing can be revoked', async () => {
    const world = await createWorld({ metadata: { revocation_endpoint: undefined } })
    await signIn(world, world.browser)
    expect(await world.browser.post('/logout')).toMatchObject({ status: 200 })
    expect(world.lines.filter((line) => line.includes('"warn"'))).toEqual([])
  })

  it.each([
    ['answers 503', () => new Response('down', { status: 503 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['does not answer', () => new Promise<never>(() => undefined)],
  ])('succeeds while the authorization server %s', async (_, answer) => {
    const world = await createWorld({ timeout: 0.01 })
    await signIn(world, world.browser)
    world.server.override('revocation', answer)
    expect(await world.browser.post('/logout')).toMatchObject({ status: 200 })
    expect(world.browser.cookies.size).toBe(0)
    expect(world.lines.join()).toContain('the refresh token is not revoked')
  })

  it('succeeds without a URL while the authorization server was never reached', async () => {
    const { browser, lines, server } = await createWorld()
    server.override('metadata', () => Promise.reject(new TypeError('fetch failed')))
    expect(await browser.post('/logout')).toMatchObject({ status: 200, text: '{}' })
    expect(lines.join()).toContain('the session at the authorization server goes on')
  })
})

describe('a logout around a refresh', () => {
  it('discards the new tokens and revokes the newest', async () => {
    const world = await createWorld()
    const { browser, server } = world
    await signIn(world, browser)
    const token = holdTokenEndpoint(server)
    const sign = vi.spyOn(crypto.subtle, 'sign')
    onTestFinished(() => {
      sign.mockRestore()
    })
    const refreshing = browser.send('POST', '/refresh')
    await token.called
    const leaving = browser.send('POST', '/logout')
    await lookedUp(sign, 2)
    expect(await browser.send('POST', '/refresh')).toMatchObject(sessionExpired)
    token.release()

    expect(await leaving).toMatchObject({ status: 200 })
    expect(await refreshing).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(2)
    expect(server.revoked).toEqual([newestRefreshToken(server)])
  })

  it('takes back what a refresh before it was given, and a browser may still lack', async () => {
    const world = await createWorld()
    const { browser, server } = world
    await signIn(world, browser)
    await browser.send('POST', '/refresh')
    await browser.send('POST', '/logout')
    expect(await browser.send('POST', '/refresh')).toMatchObject(sessionExpired)
    expect(server.calls.token).toBe(2)
    expect(server.revoked).toEqual([newestRefreshToken(server)])
  })
})
