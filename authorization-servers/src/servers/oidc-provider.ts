// oidc-provider with rotation, opaque access tokens, revocation, and its own sign-in and consent pages.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { exportJWK } from 'jose'
import { Provider } from 'oidc-provider'
import { callbackOf, pageOf } from '../browser.ts'
import { findFreePort } from '../free-port.ts'
import type { RegisteredClient, RunningServer, ServerKind, SpaUrls } from '../server-kind.ts'

const { version } = createRequire(import.meta.url)('oidc-provider/package.json') as {
  readonly version: string
}

const client = { id: 'spa', secret: randomBytes(24).toString('hex') }
const punctuatedClient = { id: 'spa-1.web_app', secret: `q7_Xr-9.${randomBytes(16).toString('hex')}` }
const postClient = { id: 'spa-post', secret: `a+b/c=d&e%f~${randomBytes(16).toString('hex')}` }

const register = (
  { id, secret }: RegisteredClient,
  method: 'client_secret_basic' | 'client_secret_post',
  urls: SpaUrls,
) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [urls.redirectUri],
  post_logout_redirect_uris: [urls.postLogoutRedirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  token_endpoint_auth_method: method,
})

async function start(urls: SpaUrls): Promise<RunningServer> {
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [
      register(client, 'client_secret_basic', urls),
      register(punctuatedClient, 'client_secret_basic', urls),
      register(postClient, 'client_secret_post', urls),
    ],
    claims: { openid: ['sub'], profile: ['name'] },
    // Puts the claims of `profile` into the ID token, where GET /session finds them.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('hex')] },
    features: {
      devInteractions: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: 'Alice Andersson' }),
    }),
    // Without it there is no refresh token but for offline_access, and that needs prompt=consent.
    issueRefreshToken: (_ctx, requester) => requester.grantTypeAllowed('refresh_token'),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'k1', alg: 'RS256', use: 'sig' } as never] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
  })
  provider.silent = true
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

  return {
    version,
    issuer,
    tokenEndpoint: `${issuer}/token`,
    client,
    punctuatedClient,
    postClient,
    settings: { client: { scope: 'openid profile' } },
    tokenCheck: { kind: 'introspection', endpoint: `${issuer}/token/introspection`, client },
    async signIn(browser, authorizationUrl) {
      const signIn = pageOf(await browser.open(authorizationUrl))
      const consent = pageOf(await signIn.submit({ login: 'alice', password: 'any' }))
      return callbackOf(await consent.submit())
    },
    isSignInPage: ({ html }) => html.includes('name="password"'),
    async confirmSignOut(_browser, page) {
      return callbackOf(await page.submit({ logout: 'yes' }))
    },
    async endGrant(refreshToken) {
      await (await provider.RefreshToken.find(refreshToken))?.destroy()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** oidc-provider, configured as its page in docs/authorization-servers says. */
export const oidcProvider: ServerKind = {
  id: 'oidc-provider',
  name: 'oidc-provider',
  version: '9.13.3',
  traits: {
    claims: { sub: 'alice', name: 'Alice Andersson' },
    accessToken: 'by introspection',
    rotation: 'rotates',
    idTokenAtRefresh: true,
    reuse: 'ends the session',
    codeReuse: 'ends the session',
    revocation: 'revokes the refresh token',
    logout: 'after a question',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
