// The certificate of the handler at the authorization server (RFC 8705): where it is shown, and where requests go.
import { describe, expect, it } from 'vitest'
import type { FetchInit } from '../../src/ports.ts'
import { createOAuthAgent } from '../../src/agent/oauth-agent.ts'
import { createClientAuthentication } from '../../src/oauth-client/client-authentication.ts'
import { noLog } from '../support/no-log.ts'
import { createTestAuthorizationServer } from '../support/authorization-server.ts'
import { createBrowser } from '../support/browser.ts'
import { clientId, issuer } from '../support/provider.ts'
import { createTestConfiguration } from '../support/world.ts'

const files = { caFile: '/run/ca.pem', certificateFile: '/run/tls.crt', keyFile: '/run/tls.key' }

const mtls = 'https://mtls.idp.example'
const aliases = {
  token_endpoint: `${mtls}/token`,
  revocation_endpoint: `${mtls}/revoke`,
  pushed_authorization_request_endpoint: `${mtls}/par`,
}

interface Sent {
  readonly url: string
  readonly init: FetchInit
}

/** Signs in and out at a server that lists endpoints for clients with a certificate; tells what was sent. */
async function signInAndOut(authorizationServer: object): Promise<readonly Sent[]> {
  const now = Date.now
  const server = await createTestAuthorizationServer({
    now,
    metadata: { mtls_endpoint_aliases: aliases },
  })
  const sent: Sent[] = []
  const configuration = createTestConfiguration({
    configuration: {
      authorizationServer,
      client: { pushedAuthorizationRequests: true },
    },
  })
  const agent = createOAuthAgent(configuration, {
    now,
    log: noLog,
    fetch: (url, init) => {
      sent.push({ url, init })
      return server.fetch(url.replace(mtls, issuer), init)
    },
  })
  const browser = createBrowser(agent, () => {})
  const { body } = await browser.post('/login/start')
  await browser.post('/login/end', server.authenticate(String(body['authorization_url'])))
  await browser.post('/logout')
  return sent
}

const pathsAt = (sent: readonly Sent[], origin: string) =>
  sent.filter(({ url }) => new URL(url).origin === origin).map(({ url }) => new URL(url).pathname)

describe('with a certificate', () => {
  it('requests go to the endpoints that ask for one, and metadata and keys come from the others', async () => {
    const sent = await signInAndOut(files)
    expect(pathsAt(sent, mtls)).toEqual(['/par', '/token', '/revoke'])
    expect(pathsAt(sent, issuer)).toEqual(['/.well-known/openid-configuration', '/jwks'])
  })

  it('it is shown where the client authenticates, and nowhere else', async () => {
    for (const { init } of await signInAndOut(files)) {
      expect(init.tls).toEqual(init.method === 'POST' ? files : { caFile: files.caFile })
    }
  })
})

it('without one, no endpoint that asks for it is called, and TLS is as usual', async () => {
  const sent = await signInAndOut({})
  expect(pathsAt(sent, mtls)).toEqual([])
  for (const { init } of sent) expect(init).not.toHaveProperty('tls')
})

it('a client that authenticates by its certificate says its id, and no secret', async () => {
  const form = new URLSearchParams()
  const headers = new Headers()
  const { secret: _, ...client } = createTestConfiguration().client
  const authenticate = createClientAuthentication({ ...client, authentication: 'tls_client_auth' })
  await authenticate({ issuer }, { client_id: clientId }, form, headers)
  expect([...form]).toEqual([['client_id', clientId]])
  expect([...headers]).toEqual([])
})
