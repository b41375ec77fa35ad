// The pages of the authorization server: hostile text stays text.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { consentPage } from '../src/authorization-server/pages/consent.ts'
import { errorPage } from '../src/authorization-server/pages/error.ts'
import { html } from '../src/authorization-server/pages/html.ts'
import { renderPage } from '../src/authorization-server/pages/layout.ts'
import { signInPage } from '../src/authorization-server/pages/sign-in.ts'
import { signedOutPage } from '../src/authorization-server/pages/signed-out.ts'
import { signOutPage } from '../src/authorization-server/pages/sign-out.ts'
import { signInForTokens, startSignIn, startTestServer } from './authorization-client.ts'
import { createVisitor, formsOf } from './visitor.ts'

const hostile = `"><script>alert('1')</script>&lt;`
const homeUrl = 'http://www.app.localhost:5173/'

const pages = {
  'sign-in': signInPage({
    action: '/interaction/1',
    clientName: hostile,
    username: hostile,
    problem: hostile,
    usernames: [hostile],
    password: hostile,
  }),
  consent: consentPage({
    action: '/interaction/1',
    clientName: hostile,
    userName: hostile,
    scopes: ['openid', hostile],
  }),
  'sign-out': signOutPage({
    form: '<form id="op.logoutForm" method="post" action="/end"></form>',
    clientName: hostile,
  }),
  'signed-out': signedOutPage({ stayed: false, homeUrl }),
  error: errorPage({
    title: hostile,
    explanation: hostile,
    problem: { error: hostile, error_description: hostile },
    homeUrl,
  }),
}

test('a template escapes text, keeps markup and drops what is absent', () => {
  const inner = html`<b title="${'"&\''}">${'<'}</b>`

  expect(html`<p>${inner}${[inner, html`!`]}${undefined}</p>`.markup).toBe(
    `<p>${'<b title="&quot;&amp;&#39;">&lt;</b>'.repeat(2)}!</p>`,
  )
})

describe.for(Object.entries(pages))('the %s page', ([, page]) => {
  const document = renderPage(page)

  test('shows hostile text as text', () => {
    expect(document).not.toContain('<script')
    expect(document).not.toContain(`="">`)
  })

  test('loads nothing from anywhere', () => {
    const links = document.matchAll(/\b(?:src|href|action|url\(|@import)\s*=?\s*["']?([^"'\s>)]*)/g)
    for (const [, address = ''] of links) {
      expect(address).toMatch(/^(\/|data:,$|http:\/\/www\.app\.localhost:5173\/$)/)
    }
  })

  test('is a document with a language, a title, one heading and a label for every field', () => {
    expect(document).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(document).toMatch(/<title>[^<]+<\/title>/)
    expect(document.match(/<h1>/g)).toHaveLength(1)
    for (const [, id = ''] of document.matchAll(/<input[^>]*\bid="([^"]+)"/gs)) {
      expect(document).toContain(`<label for="${id}">`)
    }
  })
})

describe('over HTTP', () => {
  let server: Awaited<ReturnType<typeof startTestServer>>
  beforeAll(async () => {
    server = await startTestServer()
  })
  afterAll(async () => server.close())

  test('a page allows its own style, forms back to the application, and nothing else', async () => {
    const { url } = await startSignIn(server.issuer)
    const { headers, body } = await createVisitor().visit(url)

    const style = /<style>(.*)<\/style>/s.exec(body)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')?.split(';')).toEqual([
      `default-src 'none'`,
      'script-src',
      `style-src 'sha256-${hash}'`,
      'img-src data:',
      `form-action 'self' http://www.app.localhost:5173`,
      `frame-ancestors 'none'`,
      `base-uri 'none'`,
    ])
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test('a hostile login_hint fills the field and does no more', async () => {
    const { url } = await startSignIn(server.issuer, { login_hint: hostile })

    const page = await createVisitor().visit(url)

    expect(formsOf(page)[0]?.fields.get('username')).toBe(hostile)
    expect(page.body).not.toContain('<script')
  })

  test('a hostile request gets an error page that shows it as text', async () => {
    const { url } = await startSignIn(server.issuer, { client_id: hostile, redirect_uri: hostile })

    const page = await createVisitor().visit(url)

    expect(page.status).toBe(400)
    expect(page.body).toContain('This did not work')
    expect(page.body).toContain('<p role="alert">The request could not be answered.')
    expect(page.body).toMatch(/<p class="hint">\s*For developers: <code>invalid_client<\/code>/)
    expect(page.body).not.toContain('<script')
  })

  test('an address that does not exist gets a page that says so', async () => {
    const page = await createVisitor().visit(new URL('/nowhere', server.issuer))

    expect(page.status).toBe(404)
    expect(page.body).toContain('There is nothing here')
    expect(page.headers.get('content-security-policy')).toContain(`default-src 'none'`)
  })

  test('a sign-out of somebody who is not signed in leads back by a script that is allowed', async () => {
    const logout = new URL('/session/end', server.issuer)
    logout.searchParams.set('client_id', 'test-client')
    logout.searchParams.set('post_logout_redirect_uri', homeUrl)
    const visitor = createVisitor()

    const page = await visitor.visit(logout)

    const script = /<script>(.*)<\/script>/s.exec(page.body)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    expect(page.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`)
    expect((await visitor.submit(page, '/session/end/confirm')).url.href).toBe(homeUrl)
  })

  test('a user who answers the sign-out page with no stays signed in', async () => {
    const visitor = createVisitor()
    await signInForTokens(server.issuer, visitor)

    const page = await visitor.visit(new URL('/session/end', server.issuer))
    const stayed = await visitor.submit(page, '/session/end/confirm')

    expect(stayed.body).toContain('You are still signed in')
    const { url } = await visitor.visit((await startSignIn(server.issuer, { prompt: 'none' })).url)
    expect(url.searchParams.has('code')).toBe(true)
  })
})
