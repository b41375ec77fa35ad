// oauth2-mock-server, as it comes: it asks for no password, and checks little but PKCE.
import { OAuth2Server } from 'oauth2-mock-server'
import { callbackOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { readVersion } from '../installed-version.ts'
import type { RunningServer, ServerKind } from '../server-kind.ts'

async function start(): Promise<RunningServer> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(await findFreePort(), '127.0.0.1')
  const issuer = server.issuer.url ?? ''
  return {
    version: readVersion('oauth2-mock-server'),
    issuer,
    tokenEndpoint: `${issuer}/token`,
    ...createClients(),
    settings: {},
    tokenCheck: { kind: 'jwks', jwksUri: `${issuer}/jwks`, issuer },
    signIn: async (browser, authorizationUrl) => callbackOf(await browser.open(authorizationUrl)),
    stop: () => server.stop(),
  }
}

/** oauth2-mock-server, configured as its page in docs/authorization-servers says. */
export const oauth2MockServer: ServerKind = {
  id: 'oauth2-mock-server',
  name: 'oauth2-mock-server',
  version: '9.3.0',
  traits: {
    claims: { sub: 'johndoe' },
    accessToken: 'by JWKS',
    rotation: 'rotates',
    idTokenAtRefresh: true,
    reuse: 'is accepted',
    codeReuse: 'leaves the session',
    revocation: 'revokes nothing',
    logout: 'at once',
    silentSignIn: 'signs in',
    wrongSecret: 'is accepted',
  },
  skipped: {
    'session-end': 'it takes any text for a refresh token, so no session ends',
    'unknown-refresh-token': 'it takes any text for a refresh token, so no session ends',
  },
  faults: {},
  start,
}
