// Authorization requests through the back channel.
import { describe, expect, it } from 'vitest'
import { clientKey } from '../support/client-key.ts'
import { clientId } from '../support/provider.ts'
import { createWorld, signIn } from '../support/world.ts'

const pushing = { configuration: { client: { pushedAuthorizationRequests: true } } }

describe('a pushed authorization request', () => {
  it('leaves nothing but client_id and request_uri to the browser', async () => {
    const { browser, server } = await createWorld(pushing)
    const { body } = await browser.post('/login/start', { login_hint: 'alice' })
    const { searchParams } = new URL(String(body['authorization_url']))
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: clientId,
      request_uri: expect.stringMatching(/^urn:/) as unknown,
    })
    expect(Object.fromEntries(server.forms[0] ?? [])).toMatchObject({
      client_id: clientId,
      code_challenge_method: 'S256',
      login_hint: 'alice',
      response_type: 'code',
    })
  })

  it('signs the user in', async () => {
    const world = await createWorld(pushing)
    await signIn(world, world.browser)
  })

  it.each([200, 202])(
    'signs the user in where the server answers %i, and not 201',
    async (status) => {
      const world = await createWorld(pushing)
      const { server } = world
      server.override('par', async (_url, init) => {
        const answer = await server.respond('par', init)
        return Response.json(await answer.json(), { status })
      })
      await signIn(world, world.browser)
      expect(server.calls.par).toBe(1)
    },
  )

  it('is made where the metadata requires it, whatever is configured', async () => {
    const world = await createWorld({ metadata: { require_pushed_authorization_requests: true } })
    await signIn(world, world.browser)
    expect(world.server.calls.par).toBe(1)
  })

  it('is not made where nobody asks for it', async () => {
    const world = await createWorld()
    await signIn(world, world.browser)
    expect(world.server.calls.par).toBe(0)
  })

  it('goes to the endpoint of the configuration where there is one', async () => {
    const world = await createWorld({
      metadata: { pushed_authorization_request_endpoint: undefined },
      configuration: {
        ...pushing.configuration,
        authorizationServer: {
          pushedAuthorizationRequestEndpoint: 'https://login.idp.example/par',
        },
      },
    })
    await signIn(world, world.browser)
    expect(world.server.calls.par).toBe(1)
  })

  it('fails the start of the login where there is no endpoint, and says so', async () => {
    const { browser } = await createWorld({
      ...pushing,
      metadata: { pushed_authorization_request_endpoint: undefined },
    })
    const answer = await browser.post('/login/start')
    expect(answer).toMatchObject({ status: 502, setCookies: [] })
    expect(answer.body['detailed_error']).toContain('pushed_authorization_request_endpoint')
  })

  it('fails the start of the login when it is refused', async () => {
    const { browser, server } = await createWorld(pushing)
    server.override('par', () => Response.json({ error: 'invalid_request' }, { status: 400 }))
    expect(await browser.post('/login/start')).toMatchObject({
      status: 400,
      body: { error_code: 'authorization_error' },
      setCookies: [],
    })
  })
})

describe('private_key_jwt', () => {
  const withKey = {
    client: {
      secret: undefined,
      authentication: 'private_key_jwt' as const,
      privateKey: JSON.stringify(clientKey),
      pushedAuthorizationRequests: true,
    },
  }

  it('authenticates every request of the back channel with a signature, and sends no secret', async () => {
    const world = await createWorld({ configuration: withKey })
    await signIn(world, world.browser)
    expect(await world.browser.post('/refresh')).toMatchObject({ status: 200 })
    await world.browser.post('/logout')
    const { par, token, revocation } = world.server.calls
    expect({ par, token, revocation }).toEqual({ par: 1, token: 2, revocation: 1 })
    const assertions = world.server.forms.map((form) => form.get('client_assertion'))
    expect(new Set(assertions).size).toBe(4)
    for (const form of world.server.forms) {
      expect(form.get('client_assertion')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
      expect(form.has('client_secret')).toBe(false)
    }
  })

  it('with a key that the authorization server does not know signs nobody in', async () => {
    const { generateKeyPair, exportJWK } = await import('jose')
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const stranger = { ...(await exportJWK(privateKey)), alg: 'ES256' }
    const { browser } = await createWorld({
      configuration: { client: { ...withKey.client, privateKey: stranger } },
    })
    expect((await browser.post('/login/start')).status).not.toBe(200)
  })

  it('names the audience of the configuration and the thumbprints of its key', async () => {
    const { decodeJwt, decodeProtectedHeader } = await import('jose')
    const privateKey = { ...clientKey, x5t: 'thumbprint', 'x5t#S256': 'longer-thumbprint' }
    const assertionAudience = 'https://login.idp.example/token'
    const world = await createWorld({
      configuration: { client: { ...withKey.client, privateKey, assertionAudience } },
    })
    await world.browser.post('/login/start')
    const assertion = world.server.forms[0]?.get('client_assertion') ?? ''
    expect(decodeJwt(assertion).aud).toBe(assertionAudience)
    const { kid, x5t, 'x5t#S256': longer, typ } = decodeProtectedHeader(assertion)
    expect({ kid, x5t, longer, typ }).toEqual({
      kid: 'client-key',
      x5t: 'thumbprint',
      longer: 'longer-thumbprint',
      typ: 'client-authentication+jwt',
    })
  })
})
