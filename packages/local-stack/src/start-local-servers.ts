// The authorization server and the demo API alone: what a handler stands between.
import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
import { ORDERS_API, scopes } from './authorization-server/grants.ts'
import type { RegisteredClient } from './authorization-server/provider.ts'
import { startAuthorizationServer } from './authorization-server/server.ts'
import { demoUsers } from './authorization-server/users.ts'
import type { StackControls } from './controls.ts'
import { defaultPorts } from './options.ts'
import type { LocalStackOptions } from './options.ts'
import { createParts } from './parts.ts'
import { startApi } from './start-api.ts'

/** An application that the authorization server shall know. */
export interface LocalClient {
  readonly id: string
  /** Shown to users. */
  readonly name: string
  /** Pages that end its sign-ins, at least one. */
  readonly redirectUris: readonly [string, ...string[]]
  /** Where a user is led after a sign-out, at least one. */
  readonly postLogoutRedirectUris: readonly [string, ...string[]]
}

/** Options of {@link startLocalServers}; those of the local stack that are not about a handler. */
export interface LocalServersOptions extends Pick<
  LocalStackOptions,
  | 'accessTokenAlgorithm'
  | 'accessTokenFormat'
  | 'accessTokenLifetime'
  | 'api'
  | 'consent'
  | 'log'
  | 'ports'
  | 'refreshTokenRotation'
  | 'users'
> {
  /** At least one; each gets a secret of its own. */
  readonly clients: readonly [LocalClient, ...LocalClient[]]
}

/** The running servers. */
export interface LocalServers {
  readonly issuer: string
  /** The demo API itself, without a trailing slash; it takes access tokens. */
  readonly apiUrl: string
  /** What handlers are registered with, in the order of the options. */
  readonly clients: readonly (LocalClient & { readonly secret: string })[]
  /** The scope that the demo API wants, and those about the user. */
  readonly scope: string
  readonly controls: StackControls
  /** Every token, code, code verifier and client secret of this run; to be added to, and to be searched for. */
  readonly secrets: Set<string>
  /** The log of both. */
  readonly logger: FastifyBaseLogger
  /** Stops both; can be called twice. */
  readonly stop: () => Promise<void>
}

const register = ({
  id,
  name,
  redirectUris,
  postLogoutRedirectUris,
}: LocalClient): RegisteredClient => {
  const [redirectUri, ...otherRedirectUris] = redirectUris
  const [postLogoutRedirectUri, ...otherPostLogoutRedirectUris] = postLogoutRedirectUris
  const secret = randomBytes(32).toString('base64url')
  return {
    id,
    name,
    secret,
    redirectUri,
    otherRedirectUris,
    postLogoutRedirectUri,
    otherPostLogoutRedirectUris,
  }
}

/**
 * Starts the authorization server and the demo API of the local stack, without a handler: for handlers of your own, of
 * several applications if you like. Both listen on 127.0.0.1 and keep what they know in memory.
 *
 * @param options - the clients, and what {@link LocalStackOptions} says of the rest
 * @returns the running servers, when both listen
 * @throws `PortTakenError` when a port is taken
 *
 * @example
 * import { startLocalServers } from '@token-handler/local-stack'
 *
 * const { issuer, clients, stop } = await startLocalServers({
 *   clients: [
 *     {
 *       id: 'shop',
 *       name: 'Shop',
 *       redirectUris: ['https://shop.example.com/callback'],
 *       postLogoutRedirectUris: ['https://shop.example.com/'],
 *     },
 *   ],
 * })
 * console.log(issuer, clients.length)
 * await stop()
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html OpenID Connect Core 1.0}
 */
export async function startLocalServers(options: LocalServersOptions): Promise<LocalServers> {
  const parts = createParts()
  const ports = { ...defaultPorts, ...options.ports }
  const logger = createLogger(options.log?.level ?? 'warn', options.log?.destination)
  const secrets = new Set<string>()
  const liveAccessTokens = new Set<string>()
  const accessTokenFormat = options.accessTokenFormat ?? 'jwt'
  const accessTokenAlgorithm = options.accessTokenAlgorithm ?? 'RS256'
  const [first, ...others] = options.clients
  const client = register(first)
  const otherClients = others.map(register)
  for (const { secret } of [client, ...otherClients]) secrets.add(secret)
  try {
    const authorizationServer = await parts.add(
      startAuthorizationServer({
        port: ports.authorizationServer,
        client,
        otherClients,
        users: options.users ?? demoUsers,
        accessTokenFormat,
        accessTokenAlgorithm,
        accessTokenLifetime: options.accessTokenLifetime ?? 300,
        refreshTokenRotation: options.refreshTokenRotation ?? true,
        consent: options.consent ?? true,
        issued: {
          secret: (value) => void secrets.add(value),
          accessToken: (id) => void liveAccessTokens.add(id),
        },
        onError: (error) => logger.error({ err: error }, 'the authorization server failed'),
      }),
    )
    const { issuer } = authorizationServer
    const api = await parts.add(
      startApi(options.api, {
        port: ports.api,
        issuer,
        audience: ORDERS_API,
        format: accessTokenFormat,
        algorithm: accessTokenAlgorithm,
        scope: scopes.api.join(' '),
        isLive: (id) => liveAccessTokens.has(id),
        fetch: createNodeFetch(),
        logger,
      }),
    )
    return {
      issuer,
      apiUrl: api.url,
      clients: options.clients.map((entry, index) => ({
        ...entry,
        secret: [client, ...otherClients][index]?.secret ?? '',
      })),
      scope: [...scopes.user, ...scopes.api].join(' '),
      controls: {
        async expireAccessTokens() {
          liveAccessTokens.clear()
          authorizationServer.expireAccessTokens()
        },
        endSessions: async () => authorizationServer.endSessions(),
        setApi: async (availability) => api.setAvailability(availability),
        setAuthorizationServer: async (availability) =>
          authorizationServer.setAvailability(availability),
      },
      secrets,
      logger,
      stop: parts.stop,
    }
  } catch (error) {
    await parts.stop()
    throw error
  }
}
