// Glewlwyd from Debian, set up through its administration API; its pages are scripts, and this is what they send.
import { readFile, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { callbackOf, pageOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import { readDebianVersion } from '../debian-version.ts'
import { findFreePort } from '../../../packages/reference-handler/test/support/free-port.ts'
import { startProgram } from '../program.ts'
import { revokeToken } from '../revoke-token.ts'
import type { RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'
import { call, SCOPE, setUp, user } from './glewlwyd/set-up.ts'

const schema = '/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3'

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
    settings: { client: { scope: SCOPE, idTokenHint: true }, refresh: { endsOn: 'refusal' } },
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
  faults: {},
  start,
}
