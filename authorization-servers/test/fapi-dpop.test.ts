// The FAPI 2.0 Security Profile with DPoP: oidc-provider with its FAPI features on, and an API that checks every proof.
import { generateKeyPairSync } from 'node:crypto'
import { exportJWK } from 'jose'
import type { JWK } from 'jose'
import { request } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority } from '../src/fapi/certificates.ts'
import { startFapiStack } from '../src/fapi/stack.ts'
import type { FapiClient } from '../src/fapi/stack.ts'

const authority = createAuthority('authority of the tests')

type PrivateKey = JWK & { kty: 'EC'; d: string; alg: 'ES256' }

async function createKey(): Promise<{ privateKey: PrivateKey; publicKey: JWK }> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = 'client-key'
  return {
    privateKey: { ...(await exportJWK(pair.privateKey)), kid, alg: 'ES256' } as PrivateKey,
    publicKey: { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' },
  }
}

const assertionKey = await createKey()
const [newKey, oldKey] = await Promise.all([createKey(), createKey()])

const clientWith = (...dpopKeys: PrivateKey[]): FapiClient => ({
  registered: {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [assertionKey.publicKey] },
    dpop_bound_access_tokens: true,
  },
  client: {
    authentication: 'private_key_jwt',
    privateKey: assertionKey.privateKey,
    dpopKeys,
  },
})

async function start(client: FapiClient = clientWith(newKey.privateKey)) {
  const stack = await startFapiStack(authority, client)
  onTestFinished(stack.stop)
  return stack
}

describe('a client that holds FAPI 2.0 with DPoP', () => {
  it('signs in, calls the API, refreshes and signs out, with nonces on both sides', async () => {
    const { api, signIn, spa } = await start()
    expect((await signIn()).status).toBe(200)
    expect(await spa.callApi()).toMatchObject({ status: 200, body: { accepted: true } })
    // The first request has no nonce yet; the proxy repeats it with the one of the answer.
    expect(api.refusals).toEqual(['use_dpop_nonce'])
    expect((await spa.refresh()).status).toBe(200)
    expect((await spa.callApi()).status).toBe(200)
    api.rotateNonce()
    expect((await spa.callApi()).status).toBe(200)
    expect(api.refusals).toEqual(['use_dpop_nonce', 'use_dpop_nonce'])
    expect(api.served()).toBe(3)
    expect((await spa.logout()).status).toBe(200)
    expect((await spa.callApi()).status).toBe(401)
    expect((await spa.session()).body).toEqual({ is_logged_in: false })
  })

  it('sends ten calls at once, each with a proof of its own', async () => {
    const { api, signIn, spa } = await start()
    await signIn()
    await spa.callApi()
    const calls = await Promise.all(Array.from({ length: 10 }, () => spa.callApi()))
    expect(calls.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(api.refusals).toEqual(['use_dpop_nonce'])
  })

  it('repeats a token request for its nonce, and never a second time', async () => {
    const { handler, signIn, spa } = await start()
    await signIn()
    await spa.refresh()
    await spa.refresh()
    const calls = handler.tokenCalls.map(({ grantType, status, answer }) => [
      grantType,
      status,
      answer['error'],
    ])
    expect(calls).toEqual([
      ['authorization_code', 400, 'use_dpop_nonce'],
      ['authorization_code', 200, undefined],
      ['refresh_token', 200, undefined],
      ['refresh_token', 200, undefined],
    ])
    expect(handler.tokenCalls[1]?.answer['token_type']).toBe('DPoP')
  })

  it('rotates its keys: sessions of the old key go on beside those of the new, at every instance', async () => {
    const { api, settings, signIn, spa, startAnother } = await start(clientWith(oldKey.privateKey))
    await signIn()
    const rotated = await startAnother({
      ...settings,
      client: { ...settings.client, dpopKeys: [newKey.privateKey, oldKey.privateKey] },
    })
    const there = spa.copy(rotated.handler.url)
    expect((await there.callApi()).status).toBe(200)
    expect((await there.refresh()).status).toBe(200)
    expect((await there.callApi()).status).toBe(200)
    const removed = await startAnother({
      ...settings,
      client: { ...settings.client, dpopKeys: [newKey.privateKey] },
    })
    // Without the old key its access token is of no use; a refresh brings one for the new.
    const after = there.copy(removed.handler.url)
    expect((await after.callApi()).status).toBe(401)
    expect((await after.refresh()).status).toBe(200)
    expect((await after.callApi()).status).toBe(200)
    expect(new Set(api.refusals)).toEqual(new Set(['use_dpop_nonce']))
  })

  it('does not let a stolen access token do anything: without proof, or by the scheme Bearer', async () => {
    const { api, handler, settings, signIn } = await start()
    await signIn()
    const accessToken = String(handler.tokenCalls.at(-1)?.answer['access_token'])
    const upstream = settings.routes?.[0]?.upstream ?? ''
    for (const scheme of ['Bearer', 'DPoP']) {
      const headers = { authorization: `${scheme} ${accessToken}` }
      expect((await request(`${upstream}/me`, { headers })).statusCode).toBe(401)
    }
    expect(api.refusals).toEqual(['a bound token by the scheme Bearer', 'no proof'])
  })

  it('is refused by the authorization server without proofs: what the profile demands is on there', async () => {
    const { settings, signIn, startAnother } = await start()
    const { dpopKeys: _, ...client } = settings.client
    const { profile: _profile, ...rest } = settings
    const { spa } = await startAnother({ ...rest, client })
    const ended = await signIn(spa)
    expect(ended).toMatchObject({ status: 400, body: { error_code: 'authorization_error' } })
  })
})
