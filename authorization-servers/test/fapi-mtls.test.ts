// The FAPI 2.0 Security Profile with certificates (RFC 8705): the client authenticates by its own, and tokens are bound to it.
import { readFileSync } from 'node:fs'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { exportJWK } from 'jose'
import type { JWK } from 'jose'
import { Agent, request } from 'undici'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority, readCertificate } from '../src/fapi/certificates.ts'
import type { Certificate } from '../src/fapi/certificates.ts'
import { HANDLER_NAME } from '../src/fapi/provider.ts'
import { startFapiStack } from '../src/fapi/stack.ts'
import type { FapiClient } from '../src/fapi/stack.ts'

const authority = createAuthority('authority of the tests')
const own = authority.issue(HANDLER_NAME)
const another = authority.issue('another.internal')
const foreign = createAuthority('another authority').issue(HANDLER_NAME)

/** The public key of a certificate, with the certificate, as a client with a self-signed one registers it. */
async function toJwk({ certificateFile }: Certificate): Promise<JWK> {
  const { publicKey, raw } = new X509Certificate(readFileSync(certificateFile))
  return { ...(await exportJWK(publicKey)), x5c: [raw.toString('base64')] }
}

const assertion = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const bound = { tls_client_certificate_bound_access_tokens: true }

const bySubject = (certificate: Certificate = own): FapiClient => ({
  registered: {
    ...bound,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: HANDLER_NAME,
  },
  client: { authentication: 'tls_client_auth' },
  authorizationServer: certificate,
  tls: certificate,
})

const bySelfSigned = async (): Promise<FapiClient> => ({
  registered: {
    ...bound,
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [await toJwk(foreign)] },
  },
  client: { authentication: 'self_signed_tls_client_auth' },
  authorizationServer: foreign,
  tls: foreign,
})

const byAssertion = async (): Promise<FapiClient> => ({
  registered: {
    ...bound,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...(await exportJWK(assertion.publicKey)), alg: 'ES256' }] },
  },
  client: {
    authentication: 'private_key_jwt',
    privateKey: { ...(await exportJWK(assertion.privateKey)), alg: 'ES256' },
  },
  authorizationServer: own,
  tls: own,
})

async function start(client: FapiClient) {
  const stack = await startFapiStack(authority, client)
  onTestFinished(stack.stop)
  return stack
}

describe('a client with a certificate', () => {
  it.each([
    ['tls_client_auth', bySubject],
    ['self_signed_tls_client_auth', bySelfSigned],
    ['private_key_jwt, and tokens bound to the certificate', byAssertion],
  ])('signs in, calls the API and refreshes by %s', async (_title, create) => {
    const { api, signIn, spa } = await start(await create())
    expect((await signIn()).status).toBe(200)
    expect((await spa.callApi()).status).toBe(200)
    expect((await spa.refresh()).status).toBe(200)
    expect((await spa.callApi()).status).toBe(200)
    expect(api.refusals).toEqual([])
    expect((await spa.logout()).status).toBe(200)
  })

  it.each([
    ['of another name', another],
    ['of another authority', foreign],
  ])('is not let in with one %s', async (_title, certificate) => {
    const { spa } = await start(bySubject(certificate))
    await expect(spa.startLogin()).rejects.toThrow(/login\/start: 400.*authorization_error/)
  })
})

describe('an access token that is bound to a certificate', () => {
  it('is of no use with another certificate, or with none', async () => {
    const { api, handler, settings, signIn } = await start(bySubject())
    await signIn()
    const accessToken = String(handler.tokenCalls.at(-1)?.answer['access_token'])
    const upstream = settings.routes?.[0]?.upstream ?? ''
    const headers = { authorization: `Bearer ${accessToken}` }
    const ca = readFileSync(authority.caFile)
    for (const material of [{}, readCertificate(another)]) {
      const dispatcher = new Agent({ connect: { ca, ...material } })
      expect((await request(`${upstream}/me`, { headers, dispatcher })).statusCode).toBe(401)
      await dispatcher.close()
    }
    expect(api.refusals).toEqual(['no certificate', 'another certificate'])
  })

  it('does not start a handler whose route shows another certificate', async () => {
    const client = { ...bySubject(), tls: another }
    await expect(startFapiStack(authority, client)).rejects.toThrow(
      /routes\[0\]\.tls\.certificateFile .*access tokens are bound to that certificate/,
    )
  })
})
