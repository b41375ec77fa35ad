// The agent against a complete OpenID provider, with everything that hardens a sign-in switched on.
import { generateKeyPair, exportJWK } from 'jose'
import { expect, it, onTestFinished } from 'vitest'
import { createOAuthAgent } from '../../reference-handler/src/agent/oauth-agent.ts'
import { parseConfiguration } from '../../reference-handler/src/configuration/parse.ts'
import { createNodeFetch } from '../../reference-handler/src/hosts/node/node-fetch.ts'
import { client, signIn, startTestServer } from './authorization-client.ts'
import { createVisitor } from './visitor.ts'
import { createBrowser } from '../../reference-handler/test/support/browser.ts'

it('a user signs in with pushed request, signed response and signed client assertions', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty = '', ...members } = await exportJWK(publicKey)
  const server = await startTestServer({
    client: { ...client, publicKey: { kty, ...members, alg: 'ES256', use: 'sig' } },
    consent: false,
  })
  onTestFinished(server.close)
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const configuration = parseConfiguration({
    authorizationServer: { issuer: server.issuer },
    client: {
      id: client.id,
      authentication: 'private_key_jwt',
      privateKey: { ...(await exportJWK(privateKey)), alg: 'ES256' },
      pushedAuthorizationRequests: true,
      redirectUri: client.redirectUri,
      responseMode: 'jwt',
    },
    cookies: { secrets: ['a cookie secret with enough randomness'] },
    trustedOrigins: ['https://www.app.example', new URL(client.redirectUri).origin],
    refresh: { freshFor: 0 },
    exposeErrorDetails: true,
  })
  const ports = { fetch: createNodeFetch(), now: Date.now, log }
  const browser = createBrowser(createOAuthAgent(configuration, ports), () => {})

  const { body } = await browser.post('/login/start')
  const url = String(body['authorization_url'])
  expect([...new URL(url).searchParams.keys()]).toEqual(['client_id', 'request_uri'])
  const callback = await signIn(createVisitor(), url)
  expect([...callback.searchParams.keys()]).toEqual(['response'])
  expect(await browser.post('/login/end', callback.searchParams)).toMatchObject({
    status: 200,
    body: { is_logged_in: true, id_token_claims: { sub: expect.any(String) as unknown } },
  })
  expect(await browser.post('/refresh')).toMatchObject({ status: 200 })
  expect(await browser.post('/logout')).toMatchObject({ status: 200 })
  expect(server.failures).toEqual([])
})
