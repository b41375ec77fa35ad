// Tokens that must not be believed, and tokens that do not fit into cookies.
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { proxyName, sessionName } from '../support/answers.ts'
import { clientSecret } from '../support/provider.ts'
import { beginLogin, createWorld, isSignedIn, signIn } from '../support/world.ts'

const unsecured = async (claims: JWTPayload) => new UnsecuredJWT(claims).encode()
const symmetric = (claims: JWTPayload) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(clientSecret))

describe('an ID token', () => {
  it.each([
    ['for another nonce', { nonce: 'of another login' }],
    ['without a nonce', { nonce: undefined }],
    ['for another audience', { aud: 'another client' }],
    ['for several audiences without azp', { aud: ['spa', 'another client'] }],
    ['for several audiences, and authorized for another (azp)', { aud: ['spa', 'x'], azp: 'x' }],
    ['from another issuer', { iss: 'https://evil.example' }],
    ['that has expired', { exp: 1_600_000_000 }],
    ['without a subject', { sub: undefined }],
  ])('%s is refused', async (_, claims) => {
    const world = await beginLogin()
    world.server.changeIdTokens(claims)
    const answer = await world.browser.post('/login/end', world.callback)
    expect(answer).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
    })
    expect(world.browser.cookies.has(world.loginCookie)).toBe(false)
    expect(await isSignedIn(world.browser)).toBe(false)
  })

  it('with a signature that is not the authorization server’s is refused', async () => {
    const world = await beginLogin()
    world.server.override('token', async (_url, init) => {
      const tokens: unknown = await (await world.server.respond('token', init)).json()
      const forged = JSON.stringify(tokens).replace(/[\w-]{86}(?="\})/, 'A'.repeat(86))
      return new Response(forged, { headers: { 'content-type': 'application/json' } })
    })
    const answer = await world.browser.post('/login/end', world.callback)
    expect(answer).toMatchObject({ status: 502 })
    expect(answer.body['detailed_error']).toContain('signature')
    expect(await isSignedIn(world.browser)).toBe(false)
  })

  it('that is not signed, or signed with the client secret, is refused', async () => {
    for (const sign of [unsecured, symmetric]) {
      const world = await beginLogin()
      world.server.override('token', async (_url, init) => {
        const tokens: Record<string, unknown> = {
          ...((await (await world.server.respond('token', init)).json()) as object),
        }
        const id_token = await sign(decodeJwt(String(tokens['id_token'])))
        return Response.json({ ...tokens, id_token })
      })
      const answer = await world.browser.post('/login/end', world.callback)
      expect(answer).toMatchObject({ status: 502 })
      expect(await isSignedIn(world.browser)).toBe(false)
    }
  })

  it('that is missing is refused', async () => {
    const world = await beginLogin()
    world.server.override('token', () =>
      Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 300 }),
    )
    expect(await world.browser.post('/login/end', world.callback)).toMatchObject({ status: 502 })
  })
})

describe('tokens that do not fit', () => {
  it('fail the login loudly when one cookie gets too large', async () => {
    const world = await beginLogin({ accessTokenLength: 5000 })
    const answer = await world.browser.post('/login/end', world.callback)
    expect(answer).toMatchObject({ status: 500, body: { error_code: 'server_error' } })
    expect(answer.body['detailed_error']).toMatch(/-at has \d+ bytes.*4096.*smaller tokens/)
    expect(await isSignedIn(world.browser)).toBe(false)
    expect(world.browser.cookies.size).toBe(0)
  })

  it('fail the login loudly when the cookies together get too large', async () => {
    const world = await beginLogin({
      accessTokenLength: 2000,
      configuration: { cookies: { maxBytes: 2048 } },
    })
    const answer = await world.browser.post('/login/end', world.callback)
    expect(answer).toMatchObject({ status: 500, body: { error_code: 'server_error' } })
    expect(answer.body['detailed_error']).toContain('cookies.maxBytes')
  })
})

it('with a JWT of 1.2 kB and an opaque refresh token, all cookies together have 3 kB at most', async () => {
  const claims = {
    email: 'alice@example.com',
    email_verified: true,
    groups: ['orders', 'reports', 'administrators'],
  }
  const segments = [36, 820, 342].map((length) =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(length * 0.75))).toString('base64url'),
  )
  const accessToken = segments.join('.')
  expect(accessToken.length).toBeGreaterThanOrEqual(1195)
  const world = await createWorld({ claims, tokenAnswer: { access_token: accessToken } })
  await signIn(world, world.browser)
  const cookie = [proxyName, sessionName]
    .map((name) => `${name}=${world.browser.cookies.get(name)}`)
    .join('; ')
  expect(`Cookie: ${cookie}`.length).toBeLessThanOrEqual(3000)
})
