// The metadata of the authorization server: what is refused in it, and how often it is asked for.
import { describe, expect, it, vi } from 'vitest'
import { issuer, metadata } from '../support/provider.ts'
import { createWorld, signIn } from '../support/world.ts'

describe('metadata', () => {
  it.each([
    ['of another issuer', { issuer: 'https://evil.example' }],
    ['without S256', { code_challenge_methods_supported: ['plain'] }],
    ['without PKCE', { code_challenge_methods_supported: undefined }],
    ['without an authorization endpoint', { authorization_endpoint: undefined }],
    ['with a script as authorization endpoint', { authorization_endpoint: 'javascript:alert(1)' }],
    [
      'with an authorization endpoint over plain http',
      { authorization_endpoint: 'http://login.idp.example/authorize' },
    ],
    ['without a token endpoint', { token_endpoint: undefined }],
  ])('%s is refused', async (_, change) => {
    const { browser } = await createWorld({ metadata: change })
    expect(await browser.post('/login/start')).toMatchObject({
      status: 502,
      body: { error_code: 'authorization_server_error' },
    })
  })

  it('without PKCE is taken where the configuration says that S256 is supported', async () => {
    const { browser } = await createWorld({
      metadata: { code_challenge_methods_supported: undefined },
      configuration: { authorizationServer: { assumesS256: true } },
    })
    const { body } = await browser.post('/login/start')
    const { searchParams } = new URL(String(body['authorization_url']))
    expect(searchParams.get('code_challenge_method')).toBe('S256')
  })

  it('of another issuer is explained', async () => {
    const { browser } = await createWorld({ metadata: { issuer: `${issuer}/tenant` } })
    const { body } = await browser.post('/login/start')
    expect(body['detailed_error']).toContain(
      `is that of the issuer ${issuer}/tenant, and configured is ${issuer}`,
    )
  })

  it('over plain http is refused for the token endpoint', async () => {
    const world = await createWorld({
      metadata: { token_endpoint: 'http://login.idp.example/token' },
    })
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    const answer = await world.browser.post('/login/end', callback)
    expect(answer.status).toBe(502)
    expect(answer.body['detailed_error'], 'and not that nobody listens there').toContain('https')
  })

  it('over plain http is refused for any endpoint, also beside one on this machine', async () => {
    const world = await createWorld({
      metadata: { revocation_endpoint: 'http://login.idp.example/revoke' },
      configuration: { authorizationServer: { endSessionEndpoint: 'http://127.0.0.1:4000/end' } },
    })
    await signIn(world, world.browser)
    await world.browser.post('/logout')
    expect(world.lines.join()).toContain('not https')
  })

  it('is asked for once by many, and again after an hour', async () => {
    const { browser, clock, server } = await createWorld()
    await Promise.all([1, 2, 3].map(() => browser.send('POST', '/login/start')))
    clock.now += 3_599_999
    await browser.post('/login/start')
    expect(server.calls.metadata).toBe(1)
    clock.now += 1
    await browser.post('/login/start')
    expect(server.calls.metadata).toBe(2)
  })

  it.each([
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['answers 503', () => new Response('down', { status: 503 })],
    ['answers nonsense', () => Response.json({ issuer })],
    ['names another issuer', () => Response.json({ ...metadata, issuer: 'https://evil.example' })],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('stays in use past its hour while discovery %s', async (_, answer) => {
    const world = await createWorld()
    const { browser, clock, server } = world
    await signIn(world, browser)
    clock.now += 3_600_000
    server.override('metadata', answer)
    expect(await browser.post('/refresh')).toMatchObject({ status: 200 })
    const leaving = await browser.post('/logout')
    expect(leaving.body).toHaveProperty('logout_url')
    expect(server.revoked).toHaveLength(1)
  })

  it('is asked for again a minute after it could not be had, and not before', async () => {
    const { browser, clock, lines, server } = await createWorld()
    await browser.post('/login/start')
    clock.now += 3_600_000
    server.override('metadata', () => Promise.reject(new TypeError('fetch failed')))
    await browser.post('/login/start')
    clock.now += 59_999
    await browser.post('/login/start')
    expect(server.calls.metadata).toBe(2)
    expect(lines.join()).toContain('continuing with the cached metadata')

    server.override('metadata', () =>
      Response.json({ ...metadata, authorization_endpoint: `${issuer}/moved` }),
    )
    clock.now += 1
    await browser.post('/login/start')
    await vi.waitFor(async () => {
      const { body } = await browser.post('/login/start')
      expect(body['authorization_url']).toContain(`${issuer}/moved`)
    })
    expect(server.calls.metadata).toBe(3)
  })

  it('over plain http is accepted on this machine', async () => {
    const local = 'http://login.idp.localhost:4000'
    const world = await createWorld({
      configuration: {
        authorizationServer: {
          issuer: local,
          authorizationEndpoint: `${local}/authorize`,
          tokenEndpoint: `${issuer}/internal/token`,
          jwksUri: `${issuer}/jwks`,
        },
      },
      claims: { iss: local },
    })
    const { body } = await world.browser.post('/login/start')
    const callback = world.server.authenticate(String(body['authorization_url']))
    callback.set('iss', local)
    expect(await world.browser.post('/login/end', callback)).toMatchObject({ status: 200 })
  })
})
