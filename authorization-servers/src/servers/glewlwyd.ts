// Glewlwyd from Debian, set up through its administration API; its pages are scripts, and this is what they send.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { callbackOf, createBrowser, pageOf } from '../browser.ts'
import type { Browser, BrowserRequest } from '../browser.ts'
import { createClients } from '../clients.ts'
import type { Clients, RegisteredClient } from '../clients.ts'
import { readDebianVersion } from '../debian-version.ts'
import { overEncodedCredentials, silentRefusal } from '../faults.ts'
import { findFreePort } from '../free-port.ts'
import { startProgram } from '../program.ts'
import { revokeToken } from '../revoke-token.ts'
import type { RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'

const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'

const SCOPE = 'openid'

/** Of the administrator in a new database. */
const administrator = { username: 'admin', password: 'password' }

const user = { username: 'alice', password: randomBytes(16).toString('hex') }

const settingsFile = (folder: string, origin: string, port: number): string => `
port = ${port}
bind_address = "127.0.0.1"
external_url = "${origin}"
login_url = "login.html"
api_prefix = "api"
log_mode = "console"
log_level = "ERROR"
cookie_secure = 0
session_key = "GLEWLWYD2_SESSION_ID"
session_expiration = 2419200
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "/usr/lib/glewlwyd/user"
client_module_path = "/usr/lib/glewlwyd/client"
user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
plugin_module_path = "/usr/lib/glewlwyd/plugin"
hash_algorithm = "SHA512"
static_files_path = "/usr/share/glewlwyd/webapp/"
static_files_mime_types = ( { extension = ".html" mime_type = "text/html" } )
database = { type = "sqlite3" path = "${folder}/glewlwyd.db" }
`

/** The parameters of the plugin that differ from what its administration page proposes. */
function describePlugin(issuer: string): object {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    module: 'oidc',
    name: 'oidc',
    display_name: 'OpenID Connect',
    parameters: {
      iss: issuer,
      'jwt-type': 'rsa',
      'jwt-key-size': '256',
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: publicKey.export({ type: 'spki', format: 'pem' }),
      'access-token-duration': 600,
      'refresh-token-duration': 1_209_600,
      'code-duration': 600,
      'refresh-token-rolling': true,
      'refresh-token-one-use': 'always',
      'auth-type-code-enabled': true,
      'auth-type-code-revoke-replayed': true,
      'auth-type-refresh-enabled': true,
      'name-claim': 'mandatory',
      'allowed-scope': [SCOPE],
      'subject-type': 'public',
      'pkce-allowed': true,
      'pkce-method-plain-allowed': false,
      'introspection-revocation-allowed': true,
      'introspection-revocation-allow-target-client': true,
      'session-management-allowed': true,
      'session-cookie-name': 'GLEWLWYD2_OIDC_SID',
      'session-cookie-expiration': 2_419_200,
      'oauth-as-iss-id': true,
    },
  }
}

const register = ({ id, secret }: RegisteredClient, method: string, urls: SpaUrls) => ({
  client_id: id,
  name: 'The SPA',
  client_secret: secret,
  confidential: true,
  enabled: true,
  redirect_uri: [urls.redirectUri],
  post_logout_redirect_uris: [urls.postLogoutRedirectUri],
  authorization_type: ['code', 'refresh_token'],
  token_endpoint_auth_method: [method],
  scope: [],
})

/** Where clients are kept, and which properties they may have. */
const clientModule = z.looseObject({
  parameters: z.looseObject({ 'data-format': z.record(z.string(), z.unknown()) }),
})

async function start(urls: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  const { client } = clients
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const issuer = `${origin}/api/oidc`
  const program = await startProgram(async (folder) => {
    await writeFile(`${folder}/glewlwyd.conf`, settingsFile(folder, origin, port))
    const database = new DatabaseSync(`${folder}/glewlwyd.db`)
    database.exec(await readFile(schema, 'utf8'))
    database.close()
    return {
      command: '/usr/bin/glewlwyd',
      args: ['--config-file=glewlwyd.conf'],
      readyUrl: `${origin}/config/`,
      setUp: () => setUp(origin, issuer, clients, urls),
    }
  })

  return {
    version: await readDebianVersion('glewlwyd'),
    issuer,
    tokenEndpoint: `${issuer}/token`,
    ...clients,
    settings: { client: { scope: SCOPE, idTokenHint: true } },
    tokenCheck: { kind: 'jwks', jwksUri: `${issuer}/jwks`, issuer },
    async signIn(browser, authorizationUrl) {
      const { url } = pageOf(await browser.open(authorizationUrl))
      const { searchParams } = new URL(url)
      await call(browser, `${origin}/api/auth/`, 'POST', user)
      const grant = `${origin}/api/auth/grant/${searchParams.get('client_id')}`
      await call(browser, grant, 'PUT', { scope: SCOPE })
      return callbackOf(await browser.open(`${searchParams.get('callback_url')}&g_continue`))
    },
    isSignInPage: ({ url }) => new URL(url).pathname === '/login.html',
    async confirmSignOut(browser, page) {
      const { searchParams } = new URL(page.url)
      await call(browser, `${issuer}/session/${searchParams.get('sid')}`, 'DELETE')
      await call(browser, `${origin}/api/auth/`, 'DELETE')
      return callbackOf(await browser.open(searchParams.get('callback_url') ?? ''))
    },
    endGrant: (token) => revokeToken(`${issuer}/revoke`, client, token),
    stop: program.stop,
  }
}

/** What an administrator does: the plugin, a user, and the clients. */
async function setUp(
  origin: string,
  issuer: string,
  { client, punctuatedClient, postClient }: Clients,
  urls: SpaUrls,
): Promise<void> {
  const admin = createBrowser('')
  await call(admin, `${origin}/api/auth/`, 'POST', administrator)
  await letClientsNameLogoutUris(admin, `${origin}/api/mod/client/database`)
  await call(admin, `${origin}/api/mod/plugin/`, 'POST', describePlugin(issuer))
  await call(admin, `${origin}/api/user/`, 'POST', {
    ...user,
    name: 'Alice Andersson',
    email: 'alice@example.com',
    enabled: true,
    scope: [SCOPE, 'g_profile'],
  })
  for (const registration of [
    register(client, 'client_secret_basic', urls),
    register(punctuatedClient, 'client_secret_basic', urls),
    register(postClient, 'client_secret_post', urls),
  ]) {
    await call(admin, `${origin}/api/client/`, 'POST', registration)
  }
}

/**
 * Adds the property that the plugin reads at a sign-out to those that clients may have: a new database
 * has `post_logout_redirect_uri`, which the plugin does not read.
 */
async function letClientsNameLogoutUris(admin: Browser, url: string): Promise<void> {
  const module = clientModule.parse(await (await admin.send(url)).json())
  const property = { multiple: true, read: true, write: true }
  module.parameters['data-format']['post_logout_redirect_uris'] = property
  await call(admin, url, 'PUT', module)
  await call(admin, `${url}/reset`, 'PUT')
}

/** A request of a page's script. */
async function call(
  browser: Browser,
  url: string,
  method: Exclude<BrowserRequest['method'], undefined>,
  body?: object,
): Promise<void> {
  const response = await browser.send(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (response.ok) return
  throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`)
}

/** Glewlwyd, configured as its page in docs/authorization-servers says. */
export const glewlwyd: ServerKind = {
  id: 'glewlwyd',
  name: 'Glewlwyd',
  version: '2.7.5',
  requirement: { files: ['/usr/bin/glewlwyd', schema], packages: ['glewlwyd'] },
  traits: {
    claims: { name: 'Alice Andersson' },
    accessToken: 'by JWKS',
    rotation: 'rotates',
    idTokenAtRefresh: false,
    reuse: 'ends the session',
    codeReuse: 'ends the session',
    revocation: 'revokes the refresh token',
    logout: 'after a question',
    silentSignIn: 'interaction_required',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {
    'secret-in-header': overEncodedCredentials,
    'old-refresh-token': silentRefusal,
    'session-end': silentRefusal,
    'unknown-refresh-token': silentRefusal,
  },
  start,
}
