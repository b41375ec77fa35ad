// Signing in, from the authorization request to the session.
import { describe, expect, it } from 'vitest'
import { loginName, proxyName, sessionName } from '../support/answers.ts'
import { clientId, issuer } from '../support/provider.ts'
import { callbackUrl, createWorld, signIn } from '../support/world.ts'

describe('starting a login', () => {
  it('sends the browser to the authorization server with PKCE, state and nonce', async () => {
    const { browser } = await createWorld()
    const { status, body } = await browser.post('/login/start')
    expect(status).toBe(200)
    const url = new URL(String(body['authorization_url']))
    expect(url.origin + url.pathname).toBe(`${issuer}/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: clientId,
      redirect_uri: callbackUrl,
      response_type: 'code',
      scope: 'openid profile',
      state: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
    })
  })

  it('sets one login cookie that lives ten minutes, with every protecting attribute', async () => {
    const { browser } = await createWorld()
    const { setCookies } = await browser.post('/login/start')
    expect(setCookies).toEqual([
      expect.stringMatching(
        /^__Host-Http-th-login-[\w-]{16}=[\w.-]+; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Strict$/,
      ),
    ])
  })

  it('uses fresh values for every login', async () => {
    const { browser } = await createWorld()
    const first = new URL(String((await browser.post('/login/start')).body['authorization_url']))
    const second = new URL(String((await browser.post('/login/start')).body['authorization_url']))
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name))
    }
  })

  it('passes on the extra parameters that are on the list', async () => {
    const { browser } = await createWorld()
    const { body } = await browser.post('/login/start', { prompt: 'login', ui_locales: 'sv en' })
    const { searchParams } = new URL(String(body['authorization_url']))
    expect(searchParams.get('prompt')).toBe('login')
    expect(searchParams.get('ui_locales')).toBe('sv en')
  })

  it('refuses a parameter that is not on the list, and names it', async () => {
    const { browser, server } = await createWorld()
    const answer = await browser.post('/login/start', { prompt: 'login', display: 'popup' })
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
    expect(answer.body['detailed_error']).toContain('"display"')
    expect(answer.setCookies).toEqual([])
    expect(server.calls.metadata).toBe(0)
  })

  it.each(['soon', '-1', '', '1.5', '1e3'])('refuses max_age %j', async (max_age) => {
    const { browser } = await createWorld()
    expect(await browser.post('/login/start', { max_age })).toMatchObject({ status: 400 })
  })

  it('keeps at most five logins, and lets the oldest go', async () => {
    const { browser, clock } = await createWorld()
    const names: string[] = []
    for (let count = 0; count < 7; count++) {
      await browser.post('/login/start')
      names.push([...browser.cookies.keys()].at(-1) ?? '')
      clock.now += 1000
    }
    expect([...browser.cookies.keys()]).toEqual(names.slice(2))
  })

  it('lets unreadable login cookies go first', async () => {
    const { browser } = await createWorld()
    browser.cookies.set(`${loginName}-leftover`, 'garbage')
    for (let count = 0; count < 5; count++) await browser.post('/login/start')
    expect(browser.cookies.size).toBe(5)
    expect(browser.cookies.has(`${loginName}-leftover`)).toBe(false)
  })
})

describe('ending a login', () => {
  it('sets the session, removes the login cookie, and tells who has signed in', async () => {
    const world = await createWorld()
    const { body, setCookies } = await signIn(world, world.browser)
    expect(body).toEqual({
      is_logged_in: true,
      id_token_claims: {
        iss: issuer,
        aud: clientId,
        sub: 'alice',
        name: 'Name of alice',
        auth_time: expect.any(Number) as unknown,
        iat: expect.any(Number) as unknown,
        exp: expect.any(Number) as unknown,
      },
      access_token_expires_in: 300,
    })
    expect(setCookies).toEqual([
      expect.stringMatching(`^${proxyName}=[\\w.-]+; Path=/; Secure; HttpOnly; SameSite=Strict$`),
      expect.stringMatching(`^${sessionName}=[\\w.-]+; Path=/; Secure; HttpOnly; SameSite=Strict$`),
      expect.stringMatching(
        `^${loginName}-[\\w-]{16}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict$`,
      ),
    ])
    expect([...world.browser.cookies.keys()]).toEqual([proxyName, sessionName])
  })

  it('lets two tabs sign in side by side', async () => {
    const { browser, server } = await createWorld()
    const first = await browser.post('/login/start')
    const second = await browser.post('/login/start')
    for (const { body } of [first, second]) {
      const callback = server.authenticate(String(body['authorization_url']))
      expect(await browser.post('/login/end', callback)).toMatchObject({ status: 200 })
    }
  })

  it('works with client_secret_post, opaque tokens, no expiry, no refresh token and no ID token', async () => {
    const { browser, server, clock } = await createWorld({
      expiresIn: null,
      refreshTokens: false,
      configuration: { client: { authentication: 'client_secret_post', scope: 'orders' } },
    })
    const { body } = await browser.post('/login/start')
    expect(new URL(String(body['authorization_url'])).searchParams.has('nonce')).toBe(false)
    const ended = await browser.post(
      '/login/end',
      server.authenticate(String(body['authorization_url'])),
    )
    expect(ended).toMatchObject({ status: 200, body: { is_logged_in: true } })
    expect(Object.keys(ended.body)).toEqual(['is_logged_in'])
    clock.now += 3_600_000
    expect((await browser.get('/session')).body).toEqual({ is_logged_in: true })
  })

  it('checks that the user authenticated as recently as max_age asked for', async () => {
    const { browser, server } = await createWorld({
      claims: { auth_time: Math.floor(Date.now() / 1000) - 600 },
    })
    const { body } = await browser.post('/login/start', { max_age: '60' })
    const callback = server.authenticate(String(body['authorization_url']))
    expect(await browser.post('/login/end', callback)).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
    })
  })

  it('works with endpoints from the configuration and no metadata at all', async () => {
    const world = await createWorld({
      configuration: {
        authorizationServer: {
          authorizationEndpoint: 'https://public.idp.example/authorize',
          tokenEndpoint: `${issuer}/internal/token`,
          jwksUri: `${issuer}/jwks`,
        },
      },
    })
    await signIn(world, world.browser)
    expect(world.server.calls.metadata).toBe(0)
  })

  it('lets endpoints of the configuration override those of the metadata', async () => {
    const world = await createWorld({
      metadata: { token_endpoint: 'https://unreachable.example/token' },
      configuration: { authorizationServer: { tokenEndpoint: `${issuer}/internal/token` } },
    })
    await signIn(world, world.browser)
    expect(world.server.calls).toMatchObject({ metadata: 1, token: 1 })
  })
})
