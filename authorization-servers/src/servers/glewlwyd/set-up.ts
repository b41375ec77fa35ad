// What an administrator of Glewlwyd does in its administration page: the plugin, a user, and the clients.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import * as z from 'zod'
import { createBrowser } from '../../browser.ts'
import type { Browser, BrowserRequest } from '../../browser.ts'
import type { Clients, RegisteredClient } from '../../clients.ts'
import type { SecretMethod, SpaUrls } from '../../server-kind.ts'

/** What the SPA asks for. */
export const SCOPE = 'openid'

/** Of the administrator in a new database. */
const administrator = { username: 'admin', password: 'password' }

/** The user who signs in. */
export const user = { username: 'alice', password: randomBytes(16).toString('hex') }

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

const register = ({ id, secret }: RegisteredClient, method: SecretMethod, urls: SpaUrls) => ({
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

/** What an administrator does: the plugin, a user, and the clients. */
export async function setUp(
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
export async function call(
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
