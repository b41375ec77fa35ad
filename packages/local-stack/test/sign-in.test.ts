// Signing in and out at the authorization server, as a user does it.
import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import {
  client,
  refresh,
  requestTokens,
  signInForTokens,
  startSignIn,
} from './authorization-client.ts'
import { useAuthorizationServer } from './authorization-server-fixture.ts'
import { createVisitor, formsOf, send } from './visitor.ts'

const start = useAuthorizationServer()

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

test('the answer to one interaction is no answer to another', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  const first = await visitor.visit((await startSignIn(issuer)).url)
  const second = await visitor.visit((await startSignIn(issuer)).url)
  const [{ action } = { action: '' }] = formsOf(first)

  const headers = {
    cookie: Object.values(visitor.cookieHeader(new URL(formsOf(second)[0]?.action ?? ''))).join(),
  }
  const body = new URLSearchParams({ username: 'alice', password: 'token-handler' })
  const { status } = await send(action, { headers, body })

  expect(status).toBe(400)
})

test('after the password the browser goes on with 303, which takes no password along', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  const page = await visitor.visit((await startSignIn(issuer)).url)
  const [{ action, fields } = { action: '', fields: new URLSearchParams() }] = formsOf(page)
  fields.set('username', 'alice')
  fields.set('password', 'token-handler')
  expect((await visitor.exchange(action, { body: fields })).status).toBe(303)
})

test('an authorization request without PKCE is refused', async () => {
  const { issuer } = await start()
  const { url } = await startSignIn(issuer)
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')

  const { url: callback } = await createVisitor().visit(url)

  expect(callback.searchParams.get('error')).toBe('invalid_request')
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
  expect(question.body).toContain('<h1>Sign out here too?</h1>')
  expect(question.body).toMatch(/If Test Shop sent you here, it has ended its own session already/)
  const { url: home } = await visitor.submit(question, '/session/end/confirm', { logout: 'yes' })

  expect(home.href).toBe(client.postLogoutRedirectUri)
  const { url } = await visitor.visit((await startSignIn(issuer, { prompt: 'none' })).url)
  expect(url.searchParams.get('error')).toBe('login_required')
  expect((await refresh(issuer, refresh_token)).error).toBe('invalid_grant')
})

test('who stays signed in there is told what that means, and needs no password', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  await signInForTokens(issuer, visitor)
  const logout = new URL('/session/end', issuer)
  logout.searchParams.set('client_id', client.id)
  logout.searchParams.set('post_logout_redirect_uri', client.postLogoutRedirectUri)

  const question = await visitor.visit(logout)
  expect(question.body).toContain('>Stay signed in here</button>')
  const { url: home } = await visitor.submit(question, '/session/end/confirm', {})

  expect(home.href).toBe(client.postLogoutRedirectUri)
  const { body } = await visitor.visit((await startSignIn(issuer)).url)
  expect(body).toContain('Allow Test Shop?')
  expect(body).not.toContain('type="password"')
})

test('a sign-out that nobody waits for ends on a page of its own', async () => {
  const { issuer } = await start()
  const visitor = createVisitor()
  await signInForTokens(issuer, visitor)

  const question = await visitor.visit(new URL('/session/end', issuer))
  expect(question.body).not.toContain('sent you here')
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
