// What `profile: 'fapi-2.0'` demands of the authorization server's metadata, and of what it signs.
import { describe, expect, it } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { clientKey } from '../support/client-key.ts'
import { newKey } from '../support/dpop-keys.ts'
import { noLog } from '../support/no-log.ts'
import { createTestConfiguration } from '../support/world.ts'

const configuration = createTestConfiguration({
  configuration: {
    profile: 'fapi-2.0',
    client: {
      secret: undefined,
      authentication: 'private_key_jwt',
      privateKey: clientKey,
      dpopKeys: [newKey.privateJwk],
      pushedAuthorizationRequests: true,
    },
  },
})

/** Signs in at a server with changed metadata; resolves with the last answer. */
async function signIn(metadata: object) {
  const now = Date.now
  const server = await createTestAuthorizationServer({
    now,
    metadata: { ...metadata },
    tokenAnswer: { token_type: 'DPoP' },
  })
  const agent = createOAuthAgent(configuration, { now, log: noLog, fetch: server.fetch })
  const browser = createBrowser(agent, () => {})
  const started = await browser.post('/login/start')
  if (started.status !== 200) return started
  const login = server.authenticate(String(started.body['authorization_url']))
  return await browser.post('/login/end', login)
}

it('an authorization server that holds the profile is used', async () => {
  expect((await signIn({})).status).toBe(200)
})

describe('an authorization server', () => {
  it.each([
    ['no pushed requests', { pushed_authorization_request_endpoint: null }, /pushed_auth/],
    ['no iss', { authorization_response_iss_parameter_supported: false }, /iss_parameter/],
    ['no word about iss', { authorization_response_iss_parameter_supported: null }, /iss_param/],
    ['no S256', { code_challenge_methods_supported: ['plain'] }, /S256/],
    ['RS256 alone', { id_token_signing_alg_values_supported: ['RS256'] }, /alg/],
  ])('is refused by the profile: %s', async (_title, metadata, reason) => {
    const answer = await signIn(metadata)
    expect(answer.status).toBe(502)
    expect(answer.body['detailed_error']).toMatch(reason)
  })
})
