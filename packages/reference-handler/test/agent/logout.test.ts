// Signing out.
import { describe, expect, it } from 'vitest'
import { proxyName, removal, sessionExpired, sessionName } from '../support/answers.ts'
import { issuer } from '../support/provider.ts'
import { createDeferred } from '../support/deferred.ts'
import { watchLookups } from '../support/lookups.ts'
import { holdTimeouts } from '../support/timeouts.ts'
import type { HeldTimeouts } from '../support/timeouts.ts'
import { createWorld, signIn } from '../support/world.ts'
import type { World } from '../support/world.ts'

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

describe('a logout', () => {
  it('clears every cookie, revokes the refresh token, and tells where the session ends', async () => {
    const world = await createWorld()
    const { browser, server } = world
    await browser.post('/login/start')
    const [loginName = ''] = browser.cookies.keys()
    await signIn(world, browser)
    const answer = await browser.post('/logout')
    expect(answer).toMatchObject({ status: 200, body: { logout_url: logoutUrl } })
    expect(answer.setCookies).toEqual([proxyName, sessionName, loginName].map(removal))
    expect(browser.cookies.size).toBe(0)
    expect(server.revoked).toEqual([expect.stringMatching(/^refresh-token-/)])
  })

  it('succeeds for somebody who is not signed in', async () => {
    const { browser, server } = await createWorld()
    const answer = await browser.post('/logout')
    expect(answer).toMatchObject({ status: 200, body: { logout_url: logoutUrl } })
    expect(answer.setCookies).toEqual([proxyName, sessionName].map(removal))
    expect(server.revoked).toEqual([])
  })

  it('clears cookies that are not readable, or planted', async () => {
    const { browser } = await createWorld()
    const cookie = `${sessionName}=garbage; ${sessionName}=planted`
    const answer = await browser.send('POST', '/logout', { headers: { cookie } })
    expect(answer.status).toBe(200)
    expect(answer.setCookies).toEqual(expect.arrayContaining([proxyName, sessionName].map(removal)))
  })

  it('shows the ID token to the authorization server only where that is configured', async () => {
    const configuration = { client: { idTokenHint: true } }
    const world = await createWorld({ configuration })
    await signIn(world, world.browser)
    const { body: session } = await world.browser.get('/session')
    const user = { sub: 'alice', name: 'Name of alice' }
    expect(session).toMatchObject({ id_token_claims: user })
    expect(session['id_token_claims']).not.toHaveProperty('nonce')
    const { body } = await world.browser.post('/logout')
    const hint = new URL(String(body['logout_url'])).searchParams.get('id_token_hint') ?? ''
    expect(world.server.secrets.delete(hint), 'an ID token, here shown on purpose').toBe(true)
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

  it.each([
    ['never sends the browser over plain http to another machine', issuer, false],
    ['may send the browser over plain http to this machine', 'https://idp.localhost', true],
  ])('%s', async (_, https, isSent) => {
    const url = https.replace('https', 'http')
    const world = await createWorld({ metadata: { end_session_endpoint: `${url}/end-session` } })
    const { body } = await world.browser.post('/logout')
    expect('logout_url' in body).toBe(isSent)
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
    [
      'does not answer',
      ({ elapse }: HeldTimeouts) => {
        elapse()
        return new Promise<never>(() => undefined)
      },
    ],
  ])('succeeds while the authorization server %s', async (_, answer) => {
    const world = await createWorld()
    await signIn(world, world.browser)
    const timeouts = holdTimeouts()
    world.server.override('revocation', () => answer(timeouts))
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

describe('parameters of a logout', () => {
  const home = 'https://www.app.example/goodbye'

  async function logOut(form: Readonly<Record<string, string>>, logoutParameters?: string[]) {
    const world = await createWorld({
      configuration: { client: logoutParameters ? { logoutParameters } : {} },
    })
    await signIn(world, world.browser)
    const answer = await world.browser.post('/logout', form)
    expect(answer).toMatchObject({ status: 200 })
    expect(world.browser.cookies.size).toBe(0)
    const url = new URL(String(answer.body['logout_url']))
    return { parameters: Object.fromEntries(url.searchParams), lines: world.lines.join('\n') }
  }

  it('reach the authorization server when they are listed', async () => {
    const { parameters, lines } = await logOut({ logout_hint: 'alice', ui_locales: 'sv en' })
    expect(parameters).toMatchObject({
      logout_hint: 'alice',
      ui_locales: 'sv en',
      client_id: 'spa',
    })
    expect(lines).not.toContain('left out')
  })

  it('are left out when they are not listed, and the user is signed out all the same', async () => {
    const form = { id_token_hint: 'x', client_id: 'other', post_logout_redirect_uri: home }
    const { parameters, lines } = await logOut(form)
    expect(parameters).toEqual(Object.fromEntries(new URL(logoutUrl).searchParams))
    expect(lines).toContain(String.raw`\"id_token_hint\" is not in client.logoutParameters.`)
  })

  it('choose the page that follows, where that is allowed', async () => {
    const listed = ['post_logout_redirect_uri']
    const { parameters } = await logOut({ post_logout_redirect_uri: home }, listed)
    expect(parameters['post_logout_redirect_uri']).toBe(home)
  })

  it('are told in one line of the log, however many are left out', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `p${index.toString(26)}`)
    const many = Object.fromEntries(names.map((name) => [name, 'x']))
    const { lines } = await logOut(many)
    expect(lines.split('left out').length).toBe(2)
  })

  it.each(['returnTo', 'logout_uri'])('lead no further under the name %s', async (name) => {
    const { parameters } = await logOut({ [name]: 'https://evil.example/' }, [name])
    expect(parameters).not.toHaveProperty(name)
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    'javascript:alert(1)',
    'blob:https://www.app.example/x',
    '',
  ])('choose no page of a foreign origin: %j', async (target) => {
    const listed = ['post_logout_redirect_uri']
    const { parameters, lines } = await logOut({ post_logout_redirect_uri: target }, listed)
    expect(parameters['post_logout_redirect_uri']).toBe('https://www.app.example/')
    expect(lines).toContain('no page of a trusted origin')
  })
})

describe('a logout of a session without a refresh token', () => {
  const tokenAnswer = { refresh_token: undefined }

  it('revokes its access token, so that no copy of the cookie goes on', async () => {
    const world = await createWorld({ tokenAnswer })
    await signIn(world, world.browser)
    await world.browser.post('/logout')
    expect(world.server.calls.revocation).toBe(1)
    const [form] = world.server.forms.slice(-1)
    expect(form?.get('token_type_hint')).toBe('access_token')
    expect(world.server.secrets).toContain(form?.get('token'))
  })

  it('succeeds where the authorization server revokes none', async () => {
    const world = await createWorld({ tokenAnswer })
    await signIn(world, world.browser)
    world.server.override('revocation', () =>
      Response.json({ error: 'unsupported_token_type' }, { status: 400 }),
    )
    expect(await world.browser.post('/logout')).toMatchObject({ status: 200 })
    expect(world.browser.cookies.size).toBe(0)
    expect(world.lines.join()).toContain('the access token is not revoked')
  })

  it('revokes no access token that has expired', async () => {
    const world = await createWorld({ tokenAnswer })
    await signIn(world, world.browser)
    world.clock.now += 3_600_000
    await world.browser.post('/logout')
    expect(world.server.calls.revocation).toBe(0)
  })
})

describe('a logout around a refresh', () => {
  it('discards the new tokens and revokes the newest', async () => {
    const world = await createWorld()
    const { browser, server } = world
    await signIn(world, browser)
    const token = holdTokenEndpoint(server)
    const lookedUp = watchLookups()
    const refreshing = browser.send('POST', '/refresh')
    await token.called
    const leaving = browser.send('POST', '/logout')
    await lookedUp(2)
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
