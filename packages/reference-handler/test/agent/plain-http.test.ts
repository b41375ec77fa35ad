// An authorization server of a private network that the handler calls over plain http: by name only, and logged.
import { describe, expect, it } from 'vitest'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { findRelaxations } from '../../src/configuration/relaxations.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { noLog } from '../support/no-log.ts'
import { issuer } from '../support/provider.ts'
import { createTestConfiguration } from '../support/world.ts'

const internal = 'http://idp.internal:8080'

const endpoints = {
  token_endpoint: `${internal}/token`,
  jwks_uri: `${internal}/jwks`,
  revocation_endpoint: `${internal}/revoke`,
}

/** Signs in at a server whose metadata is changed; resolves with the status and what was called over http. */
async function signIn(metadata: object, plainHttpHosts: string[]) {
  const now = Date.now
  const server = await createTestAuthorizationServer({ now, metadata: { ...metadata } })
  const called: string[] = []
  const configuration = createTestConfiguration({
    configuration: { authorizationServer: { plainHttpHosts } },
  })
  const agent = createOAuthAgent(configuration, {
    now,
    log: noLog,
    fetch: (url, init) => {
      if (url.startsWith('http:')) called.push(url)
      return server.fetch(url.replace(internal, issuer), init)
    },
  })
  const browser = createBrowser(agent, () => {})
  const started = await browser.post('/login/start')
  if (started.status !== 200) return { answer: started, called }
  const login = server.authenticate(String(started.body['authorization_url']))
  return { answer: await browser.post('/login/end', login), called }
}

describe('an endpoint on plain http', () => {
  it('is called where its host is in authorizationServer.plainHttpHosts', async () => {
    const { answer, called } = await signIn(endpoints, ['idp.internal:8080'])
    expect(answer.status).toBe(200)
    expect(called).toEqual([`${internal}/token`, `${internal}/jwks`])
  })

  it.each([[[]], [['idp.internal']], [['other.internal:8080']]])(
    'is never called where it is not: %s',
    async (hosts: string[]) => {
      const { answer, called } = await signIn(endpoints, hosts)
      expect(answer.status).toBe(502)
      expect(called).toEqual([])
    },
  )

  it('is none that a browser is sent to, whatever is listed', async () => {
    const metadata = { authorization_endpoint: `${internal}/authorize` }
    const { answer } = await signIn(metadata, ['idp.internal:8080'])
    expect(answer.status).toBe(502)
    expect(answer.body['detailed_error']).toContain('authorization_endpoint that a browser may')
  })
})

it('hosts on plain http are a relaxation that the log names', () => {
  const configuration = createTestConfiguration({
    configuration: { authorizationServer: { plainHttpHosts: ['idp.internal:8080'] } },
  })
  expect(findRelaxations(configuration)).toContainEqual({
    setting: 'authorizationServer.plainHttpHosts',
    loses: expect.stringMatching(/credentials travel to idp\.internal:8080 over plain http/),
  })
  expect(findRelaxations(createTestConfiguration()).map(({ setting }) => setting)).not.toContain(
    'authorizationServer.plainHttpHosts',
  )
})
