// Starting everything the pattern needs on this machine: authorization server, API, agent and proxy.
import { randomBytes } from 'node:crypto'
import { parseConfiguration } from '@token-handler/reference-handler'
import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
import { ORDERS_API, scopes } from './authorization-server/grants.ts'
import { startAuthorizationServer } from './authorization-server/server.ts'
import { startControlServer } from './control-server.ts'
import type { StackControls } from './controls.ts'
import { demoUsers } from './authorization-server/users.ts'
import { startApi } from './start-api.ts'
import { configureHandler } from './handler-configuration.ts'
import { startHandler } from './handler.ts'
import { reservePort } from './listening.ts'
import type { LocalStack } from './local-stack.ts'
import { defaultPorts } from './options.ts'
import type { LocalStackOptions } from './options.ts'
import { createParts } from './parts.ts'
import type { Parts } from './parts.ts'

/**
 * Starts the authorization server, the demo API, agent and proxy, and the controls over HTTP. All of
 * it listens on 127.0.0.1, keeps what it knows in memory, and is meant for development and tests.
 *
 * @param options - see {@link LocalStackOptions}; every option has a default
 * @returns the running stack, when every part of it listens
 * @throws `PortTakenError` when a port is taken; the message says which, which service needs it and what to change
 * @throws `ConfigurationError` when `configure` made a configuration that cannot work
 *
 * @example
 * import { startLocalStack } from '@token-handler/local-stack'
 *
 * const stack = await startLocalStack()
 * console.log(stack.urls)
 * await stack.stop()
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const parts = createParts()
  try {
    return await start(options, parts)
  } catch (error) {
    await parts.stop()
    throw error
  }
}

const randomSecret = (): string => randomBytes(32).toString('base64url')

async function start(options: LocalStackOptions, parts: Parts): Promise<LocalStack> {
  const ports = { ...defaultPorts, ...options.ports }
  const logger = createLogger(options.log?.level ?? 'warn', options.log?.destination)
  const secrets = new Set<string>()
  const liveAccessTokens = new Set<string>()
  const isReserved = ports.spa === 0 && options.origin === undefined
  const reserved = isReserved ? await parts.add(reservePort()) : undefined
  const spa = options.origin ?? `http://www.app.localhost:${reserved?.port ?? ports.spa}`

  const client = {
    id: 'nordlicht-coffee',
    secret: randomSecret(),
    name: 'Nordlicht Coffee',
    redirectUri: spa + (options.callbackPath ?? '/callback'),
    postLogoutRedirectUri: `${spa}/`,
  }
  const accessTokenFormat = options.accessTokenFormat ?? 'jwt'
  const accessTokenAlgorithm = options.accessTokenAlgorithm ?? 'RS256'

  const authorizationServer = await parts.add(
    startAuthorizationServer({
      port: ports.authorizationServer,
      client,
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

  const { configure = (unchanged) => unchanged } = options
  const defaults = configureHandler({
    issuer,
    client,
    apiUrl: api.url,
    port: ports.handler,
    accessTokenFormat,
  })
  const configuration = parseConfiguration(configure(defaults))
  for (const secret of [client.secret, ...configuration.cookies.secrets]) secrets.add(secret)

  const handler = await parts.add(
    startHandler({ configuration, logger, onSecret: (value) => void secrets.add(value) }),
  )

  const controls: StackControls = {
    async expireAccessTokens() {
      liveAccessTokens.clear()
      authorizationServer.expireAccessTokens()
    },
    endSessions: async () => authorizationServer.endSessions(),
    setApi: async (availability) => api.setAvailability(availability),
    setAuthorizationServer: async (availability) =>
      authorizationServer.setAvailability(availability),
  }
  const control = await parts.add(
    startControlServer({ port: ports.control, controls, origin: spa }),
  )

  await reserved?.close()
  return {
    urls: {
      spa,
      handler: handler.url,
      agent: handler.url + configuration.agentPath,
      api: `${handler.url}/api`,
      demoApi: api.url,
      authorizationServer: issuer,
      control: control.url,
    },
    configuration,
    controls,
    agentCalls: handler.agentCalls,
    resetAgentCalls: handler.resetAgentCalls,
    issuedSecrets: () => secrets,
    stop: parts.stop,
  }
}
