// The OpenID provider: what it supports, issues and remembers.
import { randomBytes } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { Configuration, ErrorOut, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { grantEverything, ORDERS_API, scopes } from './grants.ts'
import type { MemoryStorage } from './memory-storage.ts'
import { errorPage } from './pages/error.ts'
import { renderPage } from './pages/layout.ts'
import { signedOutPage } from './pages/signed-out.ts'
import { signOutPage } from './pages/sign-out.ts'
import { createSigningKeys } from './signing-keys.ts'
import type { AccessTokenAlgorithm } from './signing-keys.ts'
import { findUser } from './users.ts'
import type { DemoUser } from './users.ts'

/** An application that signs users in here. */
export interface RegisteredClient {
  readonly id: string
  readonly secret: string
  /** Shown to users. */
  readonly name: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
  /** Of its other origins, if it has any. */
  readonly otherRedirectUris?: readonly string[]
  readonly otherPostLogoutRedirectUris?: readonly string[]
  /** With which it signs its assertions; without one it authenticates by its secret. */
  readonly publicKey?: JWK
}

/** Whether an access token can be read, or only be asked about. */
export type AccessTokenFormat = 'jwt' | 'opaque'

/** How the provider behaves. */
export interface ProviderOptions {
  readonly issuer: string
  readonly client: RegisteredClient
  /** Applications beside it. */
  readonly otherClients?: readonly RegisteredClient[]
  /** Everyone who has an account. */
  readonly users: readonly DemoUser[]
  readonly storage: MemoryStorage
  readonly accessTokenFormat: AccessTokenFormat
  readonly accessTokenAlgorithm: AccessTokenAlgorithm
  /** Seconds. */
  readonly accessTokenLifetime: number
  readonly refreshTokenRotation: boolean
  /** Whether users are asked what they allow. */
  readonly consent: boolean
}

const DAY = 24 * 60 * 60

const lifetimes: NonNullable<Configuration['ttl']> = {
  AuthorizationCode: 60,
  Grant: 14 * DAY,
  IdToken: 60 * 60,
  Interaction: 60 * 60,
  RefreshToken: 14 * DAY,
  Session: 14 * DAY,
}

const createFindAccount =
  (users: readonly DemoUser[]): NonNullable<Configuration['findAccount']> =>
  (_ctx, sub) => {
    const user = findUser(users, sub)
    if (user === undefined) return undefined
    const { id, name, email, claims } = user
    return {
      accountId: id,
      claims: () => ({ name, email, email_verified: true, ...claims, sub: id }),
    }
  }

/** Names of the claims that users have besides those of every user. */
const extraClaims = (users: readonly DemoUser[]): readonly string[] => [
  ...new Set(users.flatMap(({ claims = {} }) => Object.keys(claims))),
]

/** The metadata of a client. */
const describeClient = (client: RegisteredClient, algorithm: AccessTokenAlgorithm) => ({
  client_id: client.id,
  client_secret: client.secret,
  client_name: client.name,
  redirect_uris: [client.redirectUri, ...(client.otherRedirectUris ?? [])],
  post_logout_redirect_uris: [
    client.postLogoutRedirectUri,
    ...(client.otherPostLogoutRedirectUris ?? []),
  ],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  introspection_signed_response_alg: algorithm,
  ...(client.publicKey !== undefined && {
    jwks: { keys: [client.publicKey] },
    token_endpoint_auth_method: 'private_key_jwt' as const,
  }),
})

function showError(ctx: KoaContextWithOIDC, problem: ErrorOut, homeUrl: string): void {
  ctx.type = 'html'
  ctx.body = renderPage(
    errorPage({
      title: 'This did not work',
      explanation: 'The request could not be answered. Go back to the application, and try again.',
      problem,
      homeUrl,
    }),
  )
}

/** Creates the provider. Nothing listens yet: it is a Koa application. */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { client } = options
  const homeUrl = client.postLogoutRedirectUri
  return new Provider(options.issuer, {
    adapter: options.storage.adapter,
    claims: {
      openid: ['sub', ...extraClaims(options.users)],
      profile: ['name'],
      email: ['email', 'email_verified'],
    },
    clientBasedCORS: () => false,
    clients: [client, ...(options.otherClients ?? [])].map((registered) =>
      describeClient(registered, options.accessTokenAlgorithm),
    ),
    // The claims stand in the ID token: the access token is for the demo API, not for userinfo.
    conformIdTokenClaims: false,
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, caller, token) => token.clientId === caller.clientId,
      },
      jwtIntrospection: { enabled: true },
      jwtResponseModes: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => ORDERS_API,
        getResourceServerInfo: () => ({
          scope: scopes.api.join(' '),
          audience: ORDERS_API,
          accessTokenFormat: options.accessTokenFormat,
          accessTokenTTL: options.accessTokenLifetime,
          ...(options.accessTokenFormat === 'jwt' && {
            jwt: { sign: { alg: options.accessTokenAlgorithm } },
          }),
        }),
        useGrantedResource: () => true,
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, caller, token) => token.clientId === caller.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(ctx, form) {
          ctx.body = renderPage(signOutPage({ form, clientName: ctx.oidc.client?.clientName }))
        },
        async postLogoutSuccessSource(ctx) {
          const session = await ctx.oidc.provider.Session.get(ctx)
          const stayed = session.accountId !== undefined
          ctx.body = renderPage(signedOutPage({ stayed, homeUrl }))
        },
      },
    },
    // RFC 9068 section 2.2.1: of the sign-in, however often the token is refreshed.
    extraTokenClaims(ctx) {
      const { AuthorizationCode, RefreshToken } = ctx.oidc.entities
      const authTime = (AuthorizationCode ?? RefreshToken)?.authTime
      return authTime === undefined ? {} : { auth_time: authTime }
    },
    findAccount: createFindAccount(options.users),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    // No offline_access and no consent needed for it: refresh tokens end with the user's session.
    issueRefreshToken: (_ctx, requester) => requester.grantTypeAllowed('refresh_token'),
    jwks: { keys: await createSigningKeys(options.accessTokenAlgorithm) },
    ...(options.consent ? {} : { loadExistingGrant: grantEverything }),
    pkce: { required: () => true },
    renderError: (ctx, problem) => showError(ctx, problem, homeUrl),
    rotateRefreshToken: options.refreshTokenRotation,
    scopes: scopes.user,
    ttl: { ...lifetimes, AccessToken: options.accessTokenLifetime },
  })
}
