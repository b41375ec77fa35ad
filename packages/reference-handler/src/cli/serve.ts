// `token-handler serve`: from configuration to a listening server, until a signal ends it.
import { loadDeployment } from '../configuration/load.ts'
import type { Deployment } from '../configuration/load.ts'
import { readNumber } from '../configuration/environment.ts'
import type { Environment } from '../configuration/environment.ts'
import { createServer } from '../hosts/fastify/create-server.ts'
import { createTenantServer } from '../hosts/fastify/create-tenant-server.ts'
import type { ServerOverrides } from '../hosts/fastify/create-server.ts'
import type { Log } from '../ports.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { SharedStore } from '../store/shared-store.ts'
import { createLogger } from '../hosts/node/logger.ts'
import { createNodeFetch } from '../hosts/node/node-fetch.ts'
import { checkAtStart } from './check-at-start.ts'
import { logBackChannel } from './log-back-channel.ts'
import { tenantsOf } from './tenants-of.ts'
import { createCookieSecrets } from './cookie-secrets.ts'
import { loadTrace } from './load-trace.ts'
import { listen } from './listen.ts'
import { heedSignals } from './signals.ts'

/** What the command line says about `serve`. */
export interface ServeOptions {
  /** Path of the configuration file. */
  readonly file?: string | undefined
  readonly port?: string | undefined
  readonly environment: Environment
}

/**
 * Starts the server. SIGINT and SIGTERM end it in an orderly way; a second signal ends it at once.
 * SIGHUP reads the cookie secrets anew, which happens by itself every half a minute too. The metadata of the
 * authorization server is read once, and what is wrong with it is logged; the server serves all the same.
 *
 * @returns when the server listens
 * @throws {ConfigurationError} when the configuration is wrong, or asks for what cannot be had here
 * @throws {PortTakenError} when another program has the port
 */
export async function serve({ file, port, environment }: ServeOptions): Promise<void> {
  const settings =
    port === undefined ? [] : [{ path: ['server', 'port'] as const, value: readNumber(port) }]
  const load = () => loadDeployment({ file, environment, settings })
  const deployment = load()
  const { server: place } = deployment.configuration
  const logger = createLogger(place.logLevel)
  const secrets = createCookieSecrets(deployment, load, logger)
  const { redis } = deployment.configuration
  const store = redis?.url === undefined ? undefined : await loadRedis(redis, logger)
  const trace = place.openTelemetry ? await loadTrace() : undefined
  const server = create(deployment, { logger, cookieSecrets: secrets.of, store, trace })
  server.addHook('onClose', () => store?.close())
  const closing = new AbortController()
  server.addHook('onClose', async () => closing.abort())
  // Before the log says that the server listens: from then on a signal may come at any moment, and
  // one without a listener ends the process.
  const forgetSignals = heedSignals(server, secrets.reload)
  try {
    await listen(server, place)
  } catch (error) {
    forgetSignals()
    await server.close()
    throw error
  }
  for (const { configuration } of tenantsOf(deployment)) {
    logBackChannel(logger, configuration, { store })
  }
  const ports = { fetch: createNodeFetch(), now: Date.now, signal: closing.signal }
  void checkAtStart(deployment, logger, ports)
}

/** The client is loaded where it is used: without a store, nothing of it is in memory. */
async function loadRedis(redis: Configuration['redis'], log: Log): Promise<SharedStore> {
  const { connectRedis } = await import('../redis/index.ts')
  return await connectRedis(redis, log)
}

const create = (deployment: Deployment, overrides: ServerOverrides) =>
  deployment.kind === 'tenants'
    ? createTenantServer(deployment.configuration, overrides)
    : createServer(deployment.configuration, overrides)
