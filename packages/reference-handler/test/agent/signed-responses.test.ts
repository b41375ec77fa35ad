// Signed authorization responses (JARM).
import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { clientSecret, issuer } from '../support/provider.ts'
import { beginLogin, createWorld, isSignedIn } from '../support/world.ts'

const configuration = { client: { responseMode: 'query.jwt' as const } }
const unusable = { status: 502, body: { error_code: 'authorization_server_error' } }
const refused = { status: 400, body: { error_code: 'invalid_request' } }

/** A login that waits for its signed response. */
async function beginSignedLogin(metadata: Record<string, unknown> = {}) {
  const world = await beginLogin({ configuration, metadata })
  const end = (response: string) => world.browser.post('/login/end', { response })
  const response = Object.fromEntries(world.callback)
  return { ...world, end, response }
}

describe('a signed authorization response', () => {
  it.each(['jwt', 'query.jwt'] as const)('is asked for with response_mode %s', async (mode) => {
    const { browser } = await createWorld({ configuration: { client: { responseMode: mode } } })
    const { body } = await browser.post('/login/start')
    const { searchParams } = new URL(String(body['authorization_url']))
    expect(searchParams.get('response_mode')).toBe(mode)
  })

  it('signs the user in, and clears the login cookie', async () => {
    const { browser, end, loginCookie, response, server } = await beginSignedLogin()
    expect(await end(await server.sign(response))).toMatchObject({
      status: 200,
      body: { is_logged_in: true },
    })
    expect(browser.cookies.has(loginCookie)).toBe(false)
  })

  it.each([
    ['for another client', { aud: 'another client' }],
    ['from another issuer', { iss: 'https://evil.example' }],
    ['without an audience', { aud: undefined }],
    ['without an issuer', { iss: undefined }],
    ['without an expiry', { exp: undefined }],
    ['that has expired', { exp: 1_600_000_000 }],
  ])('%s is refused before its code is used', async (_, change) => {
    const { browser, end, response, server } = await beginSignedLogin()
    expect(await end(await server.sign({ ...response, ...change }))).toMatchObject(refused)
    expect(server.calls.token).toBe(0)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('is refused with a signature that is not the authorization server’s', async () => {
    const { end, response, server } = await beginSignedLogin()
    const signed = await server.sign(response)
    const forged = signed.slice(0, signed.lastIndexOf('.') + 1) + 'A'.repeat(86)
    expect(await end(forged)).toMatchObject(refused)
    expect(server.calls.token).toBe(0)
  })

  it('is refused when it is not signed, or signed with the client secret', async () => {
    const unsigned = await beginSignedLogin()
    const inOneMinute = Math.floor(Date.now() / 1000) + 60
    const payload = { ...unsigned.response, iss: issuer, aud: 'spa', exp: inOneMinute }
    expect(await unsigned.end(new UnsecuredJWT(payload).encode())).toMatchObject(refused)

    const symmetric = await beginSignedLogin()
    const token = new SignJWT({ ...payload, ...symmetric.response }).setProtectedHeader({
      alg: 'HS256',
    })
    const signed = await token.sign(new TextEncoder().encode(clientSecret))
    expect(await symmetric.end(signed)).toMatchObject(refused)
    expect(symmetric.server.calls.token).toBe(0)
  })

  it('is refused for a login that this browser did not begin', async () => {
    const { end, response, server } = await beginSignedLogin()
    expect(await end(await server.sign({ ...response, state: 'another' }))).toMatchObject(refused)
  })

  it('may be an error, which is handed on', async () => {
    const { end, response, server } = await beginSignedLogin()
    const { state } = response
    const signed = await server.sign({ state, error: 'access_denied' })
    expect(await end(signed)).toMatchObject({
      status: 400,
      body: { error_code: 'access_denied' },
    })
  })

  it.each([
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['are answered with 503', () => new Response('down', { status: 503 })],
    ['are answered with an empty object', () => Response.json({})],
    [
      'are answered with broken JSON',
      () => new Response('{"keys', { headers: { 'content-type': 'application/json' } }),
    ],
  ])('cannot be checked while the keys %s', async (_, answer) => {
    const { end, response, server } = await beginSignedLogin()
    server.override('jwks', answer)
    expect(await end(await server.sign(response))).toMatchObject(unusable)
    expect(server.calls.token).toBe(0)
  })

  it.each([
    ['elsewhere over plain http', 'http://login.idp.example/jwks'],
    ['nowhere', undefined],
  ])('cannot be checked with keys %s', async (_, jwks_uri) => {
    const { end, response, server } = await beginSignedLogin({ jwks_uri })
    expect(await end(await server.sign(response))).toMatchObject(unusable)
    expect(server.calls.token).toBe(0)
  })

  it('is refused with a key that is not published, or a signature that is no base64url', async () => {
    const { end, response, server } = await beginSignedLogin()
    server.override('jwks', () => Response.json({ keys: [] }))
    expect(await end(await server.sign(response))).toMatchObject(refused)

    const other = await beginSignedLogin()
    const signed = await other.server.sign(other.response)
    const mangled = `${signed.slice(0, signed.lastIndexOf('.'))}.!`
    expect(await other.end(mangled)).toMatchObject(refused)
  })

  it('cannot be replaced by one without a signature', async () => {
    const { browser, callback, server } = await beginSignedLogin()
    expect(await browser.post('/login/end', callback)).toMatchObject(refused)
    expect(server.calls.token).toBe(0)
  })

  it.each(['', 'x', 'a.b.c', '..', `${'x'.repeat(5000)}.y.z`])(
    'is refused when it is no JWT: %s',
    async (response) => {
      const { end } = await beginSignedLogin()
      expect(await end(response)).toMatchObject(refused)
    },
  )
})
