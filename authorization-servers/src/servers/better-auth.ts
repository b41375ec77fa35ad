// better-auth with its plugin @better-auth/oauth-provider, in memory, with pages that only say where they are.
import { randomBytes } from 'node:crypto'
import { oauthProvider } from '@better-auth/oauth-provider'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getAuthTables } from 'better-auth/db'
import { toNodeHandler } from 'better-auth/node'
import { jwt } from 'better-auth/plugins'
import { callbackOf, pageOf } from '../browser.ts'
import type { Browser, Page } from '../browser.ts'
import { createClients } from '../clients.ts'
import type { RegisteredClient } from '../clients.ts'
import { readVersion } from '../installed-version.ts'
import { listen } from '../listen.ts'
import { revokeToken } from '../revoke-token.ts'
import type { RunningServer, SecretMethod, ServerKind, SpaUrls } from '../server-kind.ts'

const user = { email: 'alice@example.com', password: 'password-of-alice', name: 'Alice Andersson' }

const SCOPE = 'openid profile email offline_access'

const registrations = [
  ['client', 'client_secret_basic'],
  ['punctuatedClient', 'client_secret_basic'],
  ['postClient', 'client_secret_post'],
] as const

/** Its ids and secrets are made up unless the options bring them. */
function createAuth(baseURL: string, next: () => RegisteredClient | undefined) {
  const tables: Record<string, Record<string, unknown>[]> = {}
  const auth = betterAuth({
    baseURL,
    secret: randomBytes(32).toString('hex'),
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [
      jwt(),
      oauthProvider({
        loginPage: '/sign-in',
        consentPage: '/consent',
        // Claims of `profile` and `email` are at the userinfo endpoint only, unless they are added here.
        customIdTokenClaims: ({ user: { name, email } }) => ({ name, email }),
        generateClientId: () => next()?.id ?? '',
        generateClientSecret: () => next()?.secret ?? '',
        silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
      }),
    ],
  })
  for (const { modelName } of Object.values(getAuthTables(auth.options))) tables[modelName] = []
  return auth
}

async function start(urls: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  let registering: RegisteredClient | undefined
  let auth: ReturnType<typeof createAuth> | undefined
  const { url, stop } = await listen((baseURL) => {
    auth = createAuth(baseURL, () => registering)
    const handle = toNodeHandler(auth)
    return (request, response) => {
      if (request.url?.startsWith('/api/auth/')) return void handle(request, response)
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<title>A page of the application</title>')
    }
  })
  if (auth === undefined) throw new Error('better-auth was not created.')

  const signedUp = await auth.api.signUpEmail({ body: user, asResponse: true })
  const [cookie = ''] = signedUp.headers.getSetCookie().map((line) => line.split(';')[0])
  for (const [name, method] of registrations) {
    registering = clients[name]
    await auth.api.adminCreateOAuthClient({
      headers: new Headers({ cookie }),
      body: register(method, urls),
    })
  }

  const issuer = `${url}/api/auth`
  const { client } = clients
  return {
    version: readVersion('@better-auth/oauth-provider'),
    issuer,
    tokenEndpoint: `${issuer}/oauth2/token`,
    ...clients,
    settings: { client: { scope: SCOPE } },
    tokenCheck: { kind: 'introspection', endpoint: `${issuer}/oauth2/introspect`, client },
    async signIn(browser, authorizationUrl) {
      const signIn = pageOf(await browser.open(authorizationUrl))
      const { email, password } = user
      const signedIn = await browser.open(
        await post(browser, signIn, '/api/auth/sign-in/email', { email, password }),
      )
      // What a user has allowed a client once is not asked again.
      if (signedIn.kind === 'spa') return signedIn.url
      const allow = { accept: true }
      return await post(browser, signedIn.page, '/api/auth/oauth2/consent', allow)
    },
    isSignInPage: (page) => new URL(page.url).pathname === '/sign-in',
    confirmSignOut: async (_browser, page) => callbackOf(await page.submit()),
    endGrant: (token) => revokeToken(`${issuer}/oauth2/revoke`, client, token),
    stop,
  }
}

const register = (method: SecretMethod, urls: SpaUrls) => ({
  redirect_uris: [urls.redirectUri],
  post_logout_redirect_uris: [urls.postLogoutRedirectUri],
  enable_end_session: true,
  token_endpoint_auth_method: method,
  // A client of the type `web` has to have https redirect URIs.
  application_type: urls.origin.startsWith('https:') ? ('web' as const) : ('native' as const),
  grant_types: ['authorization_code', 'refresh_token'],
  scope: SCOPE,
})

/** What the script of an application's page does: posts JSON, and goes where the answer says. */
async function post(browser: Browser, page: Page, path: string, fields: object): Promise<string> {
  const { origin, search, href } = new URL(page.url)
  const response = await browser.send(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, referer: href },
    body: JSON.stringify({ ...fields, oauth_query: search.slice(1) }),
  })
  const { url, redirect_uri: redirectUri } = Object(await response.json())
  const next: unknown = url ?? redirectUri
  if (typeof next !== 'string') throw new Error(`${path} answered ${response.status}`)
  return new URL(next, origin).href
}

/** better-auth, configured as its page in docs/authorization-servers says. */
export const betterAuthServer: ServerKind = {
  id: 'better-auth',
  name: 'better-auth',
  version: '1.7.5',
  traits: {
    claims: { name: 'Alice Andersson', email: 'alice@example.com' },
    accessToken: 'by introspection',
    rotation: 'rotates',
    idTokenAtRefresh: true,
    reuse: 'ends the session',
    codeReuse: 'ends the session',
    revocation: 'revokes the refresh token',
    logout: 'after a question',
    silentSignIn: 'login_required',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
