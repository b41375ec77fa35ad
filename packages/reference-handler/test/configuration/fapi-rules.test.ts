// `profile: 'fapi-2.0'` refuses what the FAPI 2.0 Security Profile forbids to a client, and nothing else does.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkConfiguration } from '../../src/configuration/parse.ts'

const ecKey = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  alg: 'ES256',
}
const rsaKey = (alg: string, modulusLength = 2048) => ({
  ...generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' }),
  alg,
})

const tls = { certificateFile: '/run/tls.crt', keyFile: '/run/tls.key' }

/** A client as the profile has it: signed assertions, pushed requests, tokens bound to a key. */
const good = {
  profile: 'fapi-2.0',
  authorizationServer: { issuer: 'https://login.idp.example' },
  client: {
    id: 'spa',
    authentication: 'private_key_jwt',
    privateKey: ecKey,
    dpopKeys: [ecKey],
    pushedAuthorizationRequests: true,
    redirectUri: 'https://www.app.example/callback',
  },
  cookies: { secrets: ['0123456789abcdef0123456789abcdef'] },
  trustedOrigins: ['https://www.app.example'],
  routes: [{ path: '/api', upstream: 'https://api.internal' }],
}
const { dpopKeys: _, privateKey: _key, ...withoutKeys } = good.client

/** Bound to the certificate of the handler, by which it authenticates as well. */
const byCertificate = {
  ...good,
  authorizationServer: { ...good.authorizationServer, ...tls },
  client: { ...withoutKeys, authentication: 'tls_client_auth' },
  routes: [{ ...good.routes[0], tls }],
}

const settingsOf = (input: unknown) => {
  const result = checkConfiguration(input, [])
  return 'mistakes' in result ? result.mistakes.map(({ setting }) => setting) : []
}

it.each([
  ['a key', good],
  ['a certificate', byCertificate],
  ['PS256', { ...good, client: { ...good.client, privateKey: rsaKey('PS256') } }],
])('a client with %s holds the profile', (_title, input) => {
  expect(settingsOf(input)).toEqual([])
})

const client = (change: object) => ({ ...good, client: { ...good.client, ...change } })
const server = (change: object) => ({
  ...good,
  authorizationServer: { ...good.authorizationServer, ...change },
})

const forbidden: readonly (readonly [title: string, input: object, setting: string])[] = [
  [
    'a client secret',
    {
      ...good,
      client: {
        ...withoutKeys,
        dpopKeys: [ecKey],
        secret: 'x',
        authentication: 'client_secret_basic',
      },
    },
    'client.authentication',
  ],
  [
    'requests that are not pushed',
    client({ pushedAuthorizationRequests: false }),
    'client.pushedAuthorizationRequests',
  ],
  [
    'another audience of assertions',
    client({ assertionAudience: 'https://login.idp.example/token' }),
    'client.assertionAudience',
  ],
  ['bearer tokens', client({ dpopKeys: undefined }), 'client.dpopKeys'],
  ['RS256', client({ privateKey: rsaKey('RS256') }), 'client.privateKey'],
  ['a short RSA key', client({ privateKey: rsaKey('PS256', 1024) }), 'client.privateKey'],
  [
    'a key of another algorithm for proofs',
    client({ dpopKeys: [rsaKey('RS256')] }),
    'client.dpopKeys[0]',
  ],
  [
    'a route that does not show the certificate',
    { ...byCertificate, routes: good.routes },
    'routes[0].tls.certificateFile',
  ],
  [
    'a gateway that forwards requests itself, and shows a certificate of its own',
    { ...byCertificate, server: { forwardAuth: 'nginx', trustedProxies: ['127.0.0.1'] } },
    'profile',
  ],
  [
    'a token endpoint that the metadata does not name',
    server({ tokenEndpoint: 'https://login.idp.example/token' }),
    'authorizationServer.tokenEndpoint',
  ],
  ['S256 taken for granted', server({ assumesS256: true }), 'authorizationServer.assumesS256'],
  [
    'clocks that are minutes apart',
    server({ clockTolerance: 120 }),
    'authorizationServer.clockTolerance',
  ],
  ['clocks that are exact', server({ clockTolerance: 0 }), 'authorizationServer.clockTolerance'],
  [
    'a host on http',
    server({ plainHttpHosts: ['idp.internal'] }),
    'authorizationServer.plainHttpHosts',
  ],
  ['an issuer on http', server({ issuer: 'http://localhost:4000' }), 'authorizationServer.issuer'],
  [
    'an API on http',
    { ...good, routes: [{ path: '/api', upstream: 'http://api.internal' }] },
    'routes[0].upstream',
  ],
  [
    'a page on http',
    {
      ...client({ redirectUri: 'http://app.localhost/callback' }),
      trustedOrigins: ['http://app.localhost'],
    },
    'client.redirectUri',
  ],
  [
    'cookies over http',
    { ...good, cookies: { ...good.cookies, secure: false, prefix: 'th' } },
    'cookies.secure',
  ],
]

describe.each(forbidden)('%s', (_title, input, setting) => {
  it('is a mistake with the profile, and none without it', () => {
    expect(settingsOf(input)).toContain(setting)
    expect(settingsOf({ ...input, profile: undefined })).toEqual([])
  })
})
