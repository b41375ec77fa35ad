// What ID tokens of real servers say, and the clocks they are judged by.
import { describe, expect, it } from 'vitest'
import { issuer } from '../support/provider.ts'
import type { WorldOptions } from '../support/world.ts'
import { createWorld } from '../support/world.ts'

const now = () => Math.floor(Date.now() / 1000)

async function signInWith(claims: Record<string, unknown>, options: WorldOptions = {}, extra = {}) {
  const world = await createWorld({ ...options, claims })
  const { body } = await world.browser.post('/login/start', extra)
  expect(body).toHaveProperty('authorization_url')
  const callback = world.server.authenticate(String(body['authorization_url']))
  return await world.browser.post('/login/end', callback)
}

describe('an ID token is accepted', () => {
  it.each([
    ['auth_time as text, where nobody asked for it', { auth_time: String(now()) }],
    ['auth_time null', { auth_time: null }],
    ['nbf null', { nbf: null }],
    ['azp null', { azp: null }],
    ['exp and iat as text', { exp: String(now() + 300), iat: String(now()) }],
    ['several audiences and the azp of this client', { aud: ['spa', 'api'], azp: 'spa' }],
    ['iat ahead of this clock', { iat: now() + 600 }],
    ['nbf within the tolerance', { nbf: now() + 25 }],
    ['exp within the tolerance', { exp: now() - 25 }],
  ])('with %s', async (_, claims) => {
    expect(await signInWith(claims)).toMatchObject({ status: 200 })
  })

  it('within authorizationServer.clockTolerance', async () => {
    const configuration = { authorizationServer: { clockTolerance: 120 } }
    const answer = await signInWith({ nbf: now() + 100, exp: now() + 400 }, { configuration })
    expect(answer).toMatchObject({ status: 200 })
  })

  it('with an auth_time as text, where max_age asks for it', async () => {
    const answer = await signInWith({ auth_time: String(now()) }, {}, { max_age: '60' })
    expect(answer).toMatchObject({ status: 200 })
  })
})

describe('an ID token is refused', () => {
  it.each([
    ['without exp', { exp: undefined }, /no exp/],
    ['without iat', { iat: null }, /no iat/],
    ['with an audience of another type', { aud: 7 }, /aud/],
    ['with an azp of another client', { azp: 'other' }, /azp/],
    ['with an empty sub', { sub: '' }, /no sub/],
  ])('%s, and the message says so', async (_, claims, text) => {
    const { status, body } = await signInWith(claims)
    expect(status).toBe(502)
    expect(body['detailed_error']).toMatch(text)
  })

  it.each([
    ['nbf', { nbf: now() + 60 }, /not valid before .*Z, and the clock of this machine says .*Z/],
    ['exp', { exp: now() - 60 }, /expired at .*Z, and the clock of this machine says .*Z/],
  ])('for its %s, and the message names both times and the setting', async (_, claims, text) => {
    const { body } = await signInWith(claims)
    expect(body['detailed_error']).toMatch(text)
    expect(body['detailed_error']).toContain('authorizationServer.clockTolerance')
  })

  it.each([
    ['without auth_time', { auth_time: null }],
    ['when the authentication is too old', { auth_time: now() - 3600 }],
  ])('where max_age was asked for, %s', async (_, claims) => {
    const { status, body } = await signInWith(claims, {}, { max_age: '60' })
    expect(status).toBe(502)
    expect(body['detailed_error']).toContain('max_age')
  })
})

describe('an authorization server with an issuer for each tenant', () => {
  const tenant = '9188040d-6c67-4c5b-b112-36a304b66dad'
  const template = `${issuer}/{tenantid}/v2.0`
  const withTenants = (allowedTenants?: string[]): WorldOptions => ({
    metadata: { issuer: template, authorization_response_iss_parameter_supported: false },
    configuration: {
      authorizationServer: {
        issuer: `${issuer}/common/v2.0`,
        ...(allowedTenants && { allowedTenants }),
      },
    },
  })
  const claims = { iss: `${issuer}/${tenant}/v2.0`, tid: tenant }

  async function signInAtTenant(idToken: Record<string, unknown>, tenants?: string[]) {
    const world = await createWorld({ ...withTenants(tenants), claims: idToken })
    const { body } = await world.browser.post('/login/start')
    const { authorization_url: url } = body
    if (typeof url !== 'string') return body
    const callback = world.server.authenticate(url)
    callback.delete('iss')
    return (await world.browser.post('/login/end', callback)).body
  }

  it('signs in users of the tenants that are listed', async () => {
    expect(await signInAtTenant(claims, [tenant])).toMatchObject({ is_logged_in: true })
  })

  it.each([
    ['another tenant', claims, ['another-tenant']],
    ['a tenant that iss does not name', { ...claims, tid: 'listed' }, ['listed']],
    ['no tenant', { ...claims, tid: undefined }, [tenant]],
    ['the template itself', { iss: template, tid: tenant }, [tenant]],
  ])('refuses users of %s', async (_, idToken, tenants) => {
    expect(await signInAtTenant(idToken, tenants)).toMatchObject({
      error_code: 'authorization_server_error',
      detailed_error: expect.stringContaining(`has to be ${template}`),
    })
  })

  it('is explained where no tenants are listed', async () => {
    const { detailed_error: details } = await signInAtTenant(claims)
    expect(details).toContain('authorizationServer.allowedTenants')
  })
})
