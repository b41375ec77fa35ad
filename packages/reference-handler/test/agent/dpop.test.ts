// Access tokens that are bound to a key (RFC 9449), as the authorization server sees the handler.
import { describe, expect, it } from 'vitest'
import type { FetchInit } from '../../src/ports.ts'
import { openProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { newKey, oldKey, readProof } from '../support/dpop-keys.ts'
import { issuer } from '../support/provider.ts'
import { createTestConfiguration, createWorld, isSignedIn, signIn } from '../support/world.ts'
import type { World, WorldOptions } from '../support/world.ts'

const bound = { token_type: 'DPoP' }

const withKeys = (...keys: readonly object[]) => ({
  configuration: { client: { dpopKeys: keys } },
  tokenAnswer: bound,
})

/** A world with keys, and what its token endpoint gets; `demandsNonce` answers once with a nonce to use. */
async function createBoundWorld(options: WorldOptions = withKeys(newKey.privateJwk)) {
  const world = await createWorld(options)
  const received: FetchInit[] = []
  let nonce: string | undefined
  world.server.override('token', async (_url, init) => {
    received.push(init)
    const { payload } = await readProof(init.headers['dpop'])
    if (nonce !== undefined && payload['nonce'] !== nonce) {
      return Response.json(
        { error: 'use_dpop_nonce' },
        { status: 400, headers: { 'dpop-nonce': nonce } },
      )
    }
    return await world.server.respond('token', init)
  })
  return {
    ...world,
    proofs: () => Promise.all(received.map(({ headers }) => readProof(headers['dpop']))),
    forget: () => void received.splice(0),
    demandNonce: (value: string | undefined) => {
      nonce = value
    },
  }
}

const proxyCookieOf = ({ configuration, browser }: World) =>
  openProxyCookie(sealerOf(configuration, {}), browser.cookies.get('__Host-Http-th-at') ?? '')

describe('a login', () => {
  it.each([false, true])(
    'binds the code to the newest key, by dpop_jkt (pushed: %s)',
    async (pushedAuthorizationRequests) => {
      const dpopKeys = [newKey.privateJwk, oldKey.privateJwk]
      const world = await createBoundWorld({
        configuration: { client: { dpopKeys, pushedAuthorizationRequests } },
        tokenAnswer: bound,
      })
      const { body } = await world.browser.post('/login/start')
      const { searchParams } = new URL(String(body['authorization_url']))
      const sent = pushedAuthorizationRequests ? world.server.forms[0] : searchParams
      expect(sent?.get('dpop_jkt')).toBe(newKey.thumbprint)
      expect(searchParams.has('dpop_jkt')).toBe(!pushedAuthorizationRequests)
    },
  )

  it('proves possession to the token endpoint, and its tokens are bound to the key', async () => {
    const world = await createBoundWorld()
    await signIn(world, world.browser)
    const [proof] = await world.proofs()
    expect(proof?.thumbprint).toBe(newKey.thumbprint)
    expect(proof?.payload).toEqual({
      htm: 'POST',
      htu: `${issuer}/token`,
      iat: Math.floor(world.clock.now / 1000),
      jti: expect.stringMatching(/^[\w-]{20,}$/),
    })
    expect(await proxyCookieOf(world)).toMatchObject({ dpopKey: newKey.thumbprint })
  })

  it('repeats the token request with the nonce that is asked for, and redeems the code once', async () => {
    const world = await createBoundWorld()
    world.demandNonce('nonce-1')
    await signIn(world, world.browser)
    const [first, second, ...others] = await world.proofs()
    expect(others).toEqual([])
    expect(first?.payload).not.toHaveProperty('nonce')
    expect(second?.payload).toMatchObject({ nonce: 'nonce-1' })
    expect(second?.payload.jti).not.toBe(first?.payload.jti)
  })

  it('does not repeat it for ever, and is told to come again', async () => {
    const world = await createBoundWorld()
    const { body } = await world.browser.post('/login/start')
    let count = 0
    world.server.override('token', () =>
      Response.json(
        { error: 'use_dpop_nonce' },
        { status: 400, headers: { 'dpop-nonce': `nonce-${(count += 1)}` } },
      ),
    )
    const login = world.server.authenticate(String(body['authorization_url']))
    const ended = await world.browser.post('/login/end', login)
    expect(count).toBe(2)
    expect(ended).toMatchObject({ status: 502, body: { error_code: 'authorization_server_error' } })
  })

  it('fails when the access token comes unbound, since anyone could use it', async () => {
    const world = await createBoundWorld({
      ...withKeys(newKey.privateJwk),
      tokenAnswer: { token_type: 'Bearer' },
    })
    const { body } = await world.browser.post('/login/start')
    const login = world.server.authenticate(String(body['authorization_url']))
    const ended = await world.browser.post('/login/end', login)
    expect(ended.status).toBe(502)
    expect(ended.body['detailed_error']).toContain('not bound to a key')
    expect(await isSignedIn(world.browser)).toBe(false)
  })

  it('that began with a key which has gone has to begin anew', async () => {
    const world = await createBoundWorld(withKeys(oldKey.privateJwk))
    const { body } = await world.browser.post('/login/start')
    const login = world.server.authenticate(String(body['authorization_url']))
    const later = world.createAgent(createTestConfiguration(withKeys(newKey.privateJwk)))
    const browser = world.newBrowser(later)
    for (const [name, value] of world.browser.cookies) browser.cookies.set(name, value)
    expect(await browser.post('/login/end', login)).toMatchObject({
      status: 400,
      body: { error_code: 'invalid_request' },
    })
    expect(world.server.calls.token).toBe(0)
  })

  it('cannot be bound to a key of the page', async () => {
    const world = await createBoundWorld()
    const started = await world.browser.post('/login/start', { dpop_jkt: oldKey.thumbprint })
    expect(started).toMatchObject({ status: 400, body: { error_code: 'invalid_request' } })
  })

  it('fails where the metadata lists no algorithm of the keys', async () => {
    const world = await createWorld({
      ...withKeys(newKey.privateJwk),
      metadata: { dpop_signing_alg_values_supported: ['RS256'] },
    })
    const started = await world.browser.post('/login/start')
    expect(started.status).toBe(502)
    expect(started.body['detailed_error']).toContain('dpop_signing_alg_values_supported')
  })
})

describe('a refresh', () => {
  it('proves possession, with the nonce of the answer before', async () => {
    const world = await createBoundWorld()
    world.demandNonce('nonce-1')
    await signIn(world, world.browser)
    world.forget()
    expect((await world.browser.post('/refresh')).status).toBe(200)
    const [proof, ...others] = await world.proofs()
    expect(others).toEqual([])
    expect(proof).toMatchObject({ thumbprint: newKey.thumbprint, payload: { nonce: 'nonce-1' } })
  })

  it('keeps the refresh token of an answer whose access token is not bound', async () => {
    const world = await createBoundWorld()
    await signIn(world, world.browser)
    world.server.override('token', async (_url, init) => {
      const tokens: unknown = await (await world.server.respond('token', init)).json()
      return Response.json({ ...(tokens as object), token_type: 'Bearer' })
    })
    expect((await world.browser.post('/refresh')).status).toBe(502)
    world.server.override('token', undefined)
    expect((await world.browser.post('/refresh')).status).toBe(200)
  })

  it('goes on with the key of its session after a newer one came, and with the newest when that is gone', async () => {
    const world = await createBoundWorld(withKeys(oldKey.privateJwk))
    await signIn(world, world.browser)
    const refreshWith = async (...keys: readonly object[]) => {
      const browser = world.newBrowser(
        world.createAgent(createTestConfiguration(withKeys(...keys))),
      )
      for (const [name, value] of world.browser.cookies) browser.cookies.set(name, value)
      world.forget()
      expect((await browser.post('/refresh')).status).toBe(200)
      for (const [name, value] of browser.cookies) world.browser.cookies.set(name, value)
      return (await world.proofs()).map(({ thumbprint }) => thumbprint)
    }
    expect(await refreshWith(newKey.privateJwk, oldKey.privateJwk)).toEqual([oldKey.thumbprint])
    expect(await refreshWith(newKey.privateJwk)).toEqual([newKey.thumbprint])
    expect(await proxyCookieOf(world)).toMatchObject({ dpopKey: newKey.thumbprint })
  })
})

it('a revocation has no proof: the client authenticates, and needs no more', async () => {
  const world = await createBoundWorld()
  await signIn(world, world.browser)
  const sent: FetchInit[] = []
  world.server.override('revocation', (_url, init) => {
    sent.push(init)
    return world.server.respond('revocation', init)
  })
  await world.browser.post('/logout')
  expect(sent).toHaveLength(1)
  expect(sent[0]?.headers).not.toHaveProperty('dpop')
})

it('without keys there is no proof, and a bound access token is refused', async () => {
  const world = await createWorld({ tokenAnswer: bound })
  const sent: FetchInit[] = []
  world.server.override('token', (_url, init) => {
    sent.push(init)
    return world.server.respond('token', init)
  })
  const { body } = await world.browser.post('/login/start')
  const login = world.server.authenticate(String(body['authorization_url']))
  expect((await world.browser.post('/login/end', login)).status).toBe(502)
  expect(sent[0]?.headers).not.toHaveProperty('dpop')
})
