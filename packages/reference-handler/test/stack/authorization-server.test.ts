import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuthorizationServerOptions } from '../../src/stack/authorization-server/server.ts'
import {
  callBackChannel,
  client,
  refresh,
  requestTokens,
  signIn,
  signInForTokens,
  startSignIn,
  startTestServer,
} from './authorization-client.ts'
import { watchPrinting } from './printing.ts'
import { createVisitor, formsOf } from './visitor.ts'

let running: Awaited<ReturnType<typeof startTestServer>> | undefined

async function start(options?: Partial<AuthorizationServerOptions>) {
  running = await startTestServer(options)
  return running
}

const printed = watchPrinting()
beforeEach(printed.clear)

afterEach(async () => {
  expect(printed.lines(), 'the authorization server prints nothing').toEqual([])
  expect(running?.failures ?? []).toEqual([])
  await running?.close()
  running = undefined
})

test('a user signs in, allows what the application asks, and comes back with a code', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  const { url, verifier } = await startSignIn(issuer)

  const signInPage = await visitor.visit(url)
  expect(signInPage.status).toBe(200)
  expect(signInPage.body).toContain('to continue to <strong>Test Shop</strong>')

  const consent = await visitor.submit(signInPage, '/login', {
    username: 'alice',
    password: 'token-handler',
  })
  expect(consent.body).toContain('Alice Andersson')
  expect(consent.body).toContain('See your orders and place new ones')

  const { url: callback } = await visitor.submit(consent, '/consent')
  expect(callback.origin + callback.pathname).toBe(client.redirectUri)
  expect(callback.searchParams.get('state')).toBe('the-state')
  expect(callback.searchParams.get('iss')).toBe(issuer)

  const tokens = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })
  expect(decodeJwt(tokens.id_token)).toMatchObject({
    sub: 'alice',
    name: 'Alice Andersson',
    email: 'alice@example.com',
    nonce: 'the-nonce',
    aud: client.id,
  })
})

test('a wrong password shows the page again, with the username kept and a message', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  const page = await visitor.visit((await startSignIn(issuer)).url)

  const again = await visitor.submit(page, '/login', { username: 'alice', password: 'guess' })

  expect(again.status).toBe(422)
  expect(again.body).toContain('role="alert">Username or password is wrong.')
  expect(formsOf(again)[0]?.fields.get('username')).toBe('alice')
  expect(again.body).not.toContain('guess')
  const consent = await visitor.submit(again, '/login', {
    username: 'alice',
    password: 'token-handler',
  })
  expect(consent.body).toContain('Allow')
})

test.for(['/login', '/consent'])(
  'a user who says no at %s goes back with access_denied',
  async (at) => {
    const { issuer } = await start()
    const visitor = createVisitor()
    let page = await visitor.visit((await startSignIn(issuer)).url)
    if (at === '/consent') {
      page = await visitor.submit(page, '/login', { username: 'bob', password: 'token-handler' })
    }

    const { url } = await visitor.submit(page, '/abort')

    expect(url.searchParams.get('error')).toBe('access_denied')
    expect(url.searchParams.get('state')).toBe('the-state')
  },
)

test('an interaction belongs to the browser it was started in', async () => {
  const { issuer } = await start()
  const page = await createVisitor().visit((await startSignIn(issuer)).url)

  const stolen = await createVisitor().submit(page, '/login', {
    username: 'alice',
    password: 'token-handler',
  })

  expect(stolen.status).toBe(400)
  expect(stolen.body).toContain('This sign-in has expired')
})

test('a code without its verifier is worthless', async () => {
  const { issuer } = await start()
  const { url } = await startSignIn(issuer)
  const callback = await signIn(createVisitor(), url)

  const { error } = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: client.redirectUri,
  })

  expect(error).toBe('invalid_grant')
})

test('an authorization request without PKCE is refused', async () => {
  const { issuer } = await start()
  const { url } = await startSignIn(issuer)
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')

  const { url: callback } = await createVisitor().visit(url)

  expect(callback.searchParams.get('error')).toBe('invalid_request')
})

test.for(['RS256', 'ES256', 'EdDSA'] as const)(
  'access tokens are signed with %s and meant for the demo API alone',
  async (accessTokenAlgorithm) => {
    const { issuer, accessTokens } = await start({ accessTokenAlgorithm, accessTokenLifetime: 60 })

    const tokens = await signInForTokens(issuer, createVisitor())

    const header = decodeProtectedHeader(tokens.access_token)
    const claims = decodeJwt(tokens.access_token)
    expect(header).toMatchObject({ alg: accessTokenAlgorithm, typ: 'at+jwt' })
    expect(claims).toMatchObject({
      iss: issuer,
      aud: 'urn:token-handler:orders-api',
      sub: 'alice',
      scope: 'orders',
      client_id: client.id,
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60)
    expect(accessTokens).toEqual([claims.jti])
  },
)

test('with rotation a used refresh token ends the grant', async () => {
  const { issuer } = await start()
  const first = await signInForTokens(issuer, createVisitor())

  const second = await refresh(issuer, first.refresh_token)
  expect(second.refresh_token).not.toBe(first.refresh_token)

  expect((await refresh(issuer, first.refresh_token)).error).toBe('invalid_grant')
  expect((await refresh(issuer, second.refresh_token)).error).toBe('invalid_grant')
})

test('without rotation a refresh token can be used again', async () => {
  const { issuer } = await start({ refreshTokenRotation: false })
  const first = await signInForTokens(issuer, createVisitor())

  for (const attempt of [1, 2]) {
    const { refresh_token, access_token } = await refresh(issuer, first.refresh_token)
    expect(refresh_token, `refresh ${attempt}`).toBe(first.refresh_token)
    expect(access_token).not.toBe(first.access_token)
  }
})

test('a revoked refresh token is of no use, and introspection says so', async () => {
  const { issuer } = await start()
  const { refresh_token: token } = await signInForTokens(issuer, createVisitor())
  const introspect = async (): Promise<unknown> =>
    JSON.parse((await callBackChannel(`${issuer}/token/introspection`, { token })).body)

  expect(await introspect()).toMatchObject({ active: true, sub: 'alice' })
  await callBackChannel(`${issuer}/token/revocation`, { token })

  expect(await introspect()).toEqual({ active: false })
  expect((await refresh(issuer, token)).error).toBe('invalid_grant')
})

test('ended sessions leave nothing to refresh with, and the user signs in anew', async () => {
  const { issuer, endSessions } = await start()
  const visitor = createVisitor()
  const { refresh_token } = await signInForTokens(issuer, visitor)

  endSessions()

  expect((await refresh(issuer, refresh_token)).error).toBe('invalid_grant')
  const { url } = await startSignIn(issuer, { prompt: 'none' })
  expect((await visitor.visit(url)).url.searchParams.get('error')).toBe('login_required')
})

test('a signed-in user is not asked again', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  await signInForTokens(issuer, visitor)

  const { url } = await visitor.visit((await startSignIn(issuer, { prompt: 'none' })).url)

  expect(url.searchParams.has('code')).toBe(true)
})

test('after the user has confirmed a sign-out, the session is over', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  const { refresh_token } = await signInForTokens(issuer, visitor)
  const logout = new URL('/session/end', issuer)
  logout.searchParams.set('client_id', client.id)
  logout.searchParams.set('post_logout_redirect_uri', client.postLogoutRedirectUri)

  const question = await visitor.visit(logout)
  expect(question.body).toContain('<h1>Sign out?</h1>')
  const { url: home } = await visitor.submit(question, '/session/end/confirm', { logout: 'yes' })

  expect(home.href).toBe(client.postLogoutRedirectUri)
  const { url } = await visitor.visit((await startSignIn(issuer, { prompt: 'none' })).url)
  expect(url.searchParams.get('error')).toBe('login_required')
  expect((await refresh(issuer, refresh_token)).error).toBe('invalid_grant')
})

test('a sign-out that nobody waits for ends on a page of its own', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  await signInForTokens(issuer, visitor)

  const question = await visitor.visit(new URL('/session/end', issuer))
  const page = await visitor.submit(question, '/session/end/confirm', { logout: 'yes' })

  expect(page.body).toContain('You are signed out')
})

test('without consent the user is asked for the password alone', async () => {
  const { issuer } = await start({ consent: false })
  const visitor = createVisitor()
  const page = await visitor.visit((await startSignIn(issuer)).url)

  const { url } = await visitor.submit(page, '/login', {
    username: 'bob',
    password: 'token-handler',
  })

  expect(url.searchParams.has('code')).toBe(true)
})

test('everything that is issued can be searched for', async () => {
  const { issuer, secrets } = await start()
  const { url, verifier } = await startSignIn(issuer)
  const callback = await signIn(createVisitor(), url)
  const code = callback.searchParams.get('code') ?? ''
  const tokens = await requestTokens(issuer, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    code_verifier: verifier,
  })

  const { access_token, refresh_token, id_token } = tokens
  expect([...secrets].sort()).toEqual(
    [code, verifier, access_token, refresh_token, id_token].sort(),
  )
})
