// oidc-provider with rotation, opaque access tokens, revocation, and its own sign-in and consent pages.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { exportJWK } from 'jose'
import { Provider } from 'oidc-provider'
import { callbackOf, pageOf } from '../browser.ts'
import { createClients } from '../clients.ts'
import type { Clients, RegisteredClient } from '../clients.ts'
import { readVersion } from '../installed-version.ts'
import { listen } from '../listen.ts'
import type { RunningServer, SecretMethod, ServerKind, SpaUrls } from '../server-kind.ts'

const register = ({ id, secret }: RegisteredClient, method: SecretMethod, urls: SpaUrls) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [urls.redirectUri],
  post_logout_redirect_uris: [urls.postLogoutRedirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  token_endpoint_auth_method: method,
})

/** Seconds. */
const DAY = 86_400

async function createProvider(issuer: string, clients: Clients, urls: SpaUrls): Promise<Provider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { kty = '', ...key } = await exportJWK(privateKey)
  const provider = new Provider(issuer, {
    clients: [
      register(clients.client, 'client_secret_basic', urls),
      register(clients.punctuatedClient, 'client_secret_basic', urls),
      register(clients.postClient, 'client_secret_post', urls),
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
    jwks: { keys: [{ kty, ...key, kid: 'k1', alg: 'RS256', use: 'sig' }] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: DAY,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: DAY,
      Session: DAY,
    },
  })
  provider.silent = true
  return provider
}

async function start(urls: SpaUrls): Promise<RunningServer> {
  const clients = createClients()
  const { client } = clients
  let provider: Provider | undefined
  const { url: issuer, stop } = await listen(async (url) => {
    provider = await createProvider(url, clients, urls)
    const handle = provider.callback()
    return (request, response) => void handle(request, response)
  })
  return {
    version: readVersion('oidc-provider'),
    issuer,
    tokenEndpoint: `${issuer}/token`,
    ...clients,
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
      await (await provider?.RefreshToken.find(refreshToken))?.destroy()
    },
    stop,
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
    silentSignIn: 'login_required',
    wrongSecret: 'is refused',
  },
  skipped: {},
  faults: {},
  start,
}
