// Doorkeeper with doorkeeper-openid_connect from Debian, in a Rails application of one file.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { cp, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { callbackOf, pageOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import { readDebianVersion } from '../debian-version.ts'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { startProgram } from '../program.ts'
import { revokeToken } from '../revoke-token.ts'
import type { RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'

const PACKAGES = [
  'ruby-doorkeeper',
  'ruby-doorkeeper-openid-connect',
  'ruby-rails',
  'ruby-sqlite3',
  'puma',
]

const app = fileURLToPath(new URL('doorkeeper', import.meta.url))

async function start({ redirectUri }: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  const { client, punctuatedClient, postClient } = clients
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}`
  const password = randomBytes(16).toString('hex')
  const options = {
    issuer,
    redirectUri,
    password,
    secretKey: randomBytes(64).toString('hex'),
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs1',
      format: 'pem',
    }),
    clients: [client, punctuatedClient, postClient],
  }
  const program = await startProgram(async (folder) => {
    await cp(app, folder, { recursive: true })
    await writeFile(`${folder}/options.json`, JSON.stringify(options))
    return {
      command: '/usr/bin/puma',
      args: ['--bind', `tcp://127.0.0.1:${port}`, '--threads', '4:4', '--quiet', 'config.ru'],
      env: { RAILS_ENV: 'production', DATABASE_URL: 'sqlite3:db.sqlite3' },
      readyUrl: `${issuer}/oauth/discovery/keys`,
    }
  })

  return {
    version: await readDebianVersion('ruby-doorkeeper'),
    issuer,
    tokenEndpoint: `${issuer}/oauth/token`,
    ...clients,
    settings: {
      authorizationServer: { assumesS256: true },
      client: { scope: 'openid profile' },
    },
    tokenCheck: { kind: 'introspection', endpoint: `${issuer}/oauth/introspect`, client },
    async signIn(browser, authorizationUrl) {
      const signIn = pageOf(await browser.open(authorizationUrl))
      const landing = await signIn.submit({ password })
      // What a user has allowed a client once is not asked again.
      return callbackOf(landing.kind === 'spa' ? landing : await landing.page.submit())
    },
    isSignInPage: ({ html }) => html.includes('name="password"'),
    endGrant: (token) => revokeToken(`${issuer}/oauth/revoke`, client, token),
    stop: program.stop,
  }
}

/** Doorkeeper, configured as its page in docs/authorization-servers says. */
export const doorkeeper: ServerKind = {
  id: 'doorkeeper',
  name: 'Doorkeeper',
  version: '5.5.0',
  requirement: {
    files: [
      '/usr/share/doc/ruby-doorkeeper',
      '/usr/share/doc/ruby-doorkeeper-openid-connect',
      '/usr/share/doc/ruby-rails',
      '/usr/share/doc/ruby-sqlite3',
      '/usr/bin/puma',
    ],
    packages: PACKAGES,
  },
  traits: {
    claims: { sub: '1', name: 'Alice Andersson' },
    accessToken: 'by introspection',
    rotation: 'rotates',
    idTokenAtRefresh: true,
    reuse: 'is refused',
    codeReuse: 'leaves the session',
    revocation: 'revokes the refresh token',
    silentSignIn: 'consent_required',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
