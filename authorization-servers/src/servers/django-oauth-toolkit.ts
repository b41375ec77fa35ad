// django-oauth-toolkit from Debian, in a Django project of one file.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { callbackOf, pageOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import { readDebianVersion } from '../debian-version.ts'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { startProgram } from '../program.ts'
import { revokeToken } from '../revoke-token.ts'
import type { RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'

const PACKAGE = 'python3-django-oauth-toolkit'

const app = fileURLToPath(new URL('django-oauth-toolkit/app.py', import.meta.url))

async function start({ redirectUri }: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  const { client, punctuatedClient, postClient } = clients
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}/o`
  const password = randomBytes(16).toString('hex')
  const options = {
    port,
    redirectUri,
    password,
    secretKey: randomBytes(32).toString('hex'),
    database: 'db.sqlite3',
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    }),
    clients: [client, punctuatedClient, postClient],
  }
  const program = await startProgram(async (folder) => {
    await writeFile(`${folder}/options.json`, JSON.stringify(options))
    return {
      command: '/usr/bin/python3',
      args: [app, 'options.json'],
      readyUrl: `${issuer}/.well-known/jwks.json`,
    }
  })

  return {
    version: await readDebianVersion(PACKAGE),
    issuer,
    tokenEndpoint: `${issuer}/token/`,
    ...clients,
    settings: {
      authorizationServer: {
        // The metadata is at a URL with a slash at the end, names no PKCE and no revocation endpoint.
        authorizationEndpoint: `${issuer}/authorize/`,
        tokenEndpoint: `${issuer}/token/`,
        jwksUri: `${issuer}/.well-known/jwks.json`,
        revocationEndpoint: `${issuer}/revoke_token/`,
        assumesS256: true,
      },
      client: { scope: 'openid profile' },
    },
    tokenCheck: { kind: 'introspection', endpoint: `${issuer}/introspect/`, client },
    async signIn(browser, authorizationUrl) {
      const signIn = pageOf(await browser.open(authorizationUrl))
      const consent = pageOf(await signIn.submit({ username: 'alice', password }))
      return callbackOf(await consent.submit({ allow: 'Authorize' }))
    },
    isSignInPage: ({ html }) => html.includes('name="password"'),
    endGrant: (token) => revokeToken(`${issuer}/revoke_token/`, client, token),
    stop: program.stop,
  }
}

/** django-oauth-toolkit, configured as its page in docs/authorization-servers says. */
export const djangoOAuthToolkit: ServerKind = {
  id: 'django-oauth-toolkit',
  name: 'django-oauth-toolkit',
  version: '1.7.0',
  requirement: {
    files: ['/usr/lib/python3/dist-packages/oauth2_provider/__init__.py'],
    packages: [PACKAGE],
  },
  traits: {
    claims: { sub: '1', name: 'Alice Andersson' },
    accessToken: 'by introspection',
    rotation: 'rotates',
    idTokenAtRefresh: false,
    reuse: 'is refused',
    codeReuse: 'leaves the session',
    revocation: 'revokes the refresh token',
    silentSignIn: 'shows its sign-in page',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
