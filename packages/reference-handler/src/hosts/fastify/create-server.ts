// The complete handler on one Fastify server: agent, proxy, health and metrics.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { findRelaxations } from '../../configuration/relaxations.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { createLogger } from '../node/logger.ts'
import { countDeviceBinding } from './count-device-binding.ts'
import { healthPlugin } from './health.ts'
import { createHost } from './host.ts'
import { serveMetrics } from './metrics.ts'
import { createAgentPlugin } from './oauth-agent-plugin.ts'
import { createProxyPlugin } from './oauth-proxy-plugin.ts'
import { requireStore } from './require-store.ts'
import { createServerPorts } from './server-ports.ts'

/** Replaces parts of the outside world, for tests and for deployments with wishes of their own. */
export interface ServerOverrides extends Partial<Ports> {
  /** Where the server logs; by default pino on the standard output. */
  readonly logger?: FastifyBaseLogger
}

/**
 * Creates a server with the OAuth Agent below `agentPath`, the OAuth Proxy on all routes, `/health`
 * and `/ready`. It does not listen yet.
 *
 * @param configuration - from `parseConfiguration`
 * @returns a Fastify instance: `listen` starts it; `close` ends it, giving open requests
 *   `server.drainFor` seconds
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { createServer } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const { host, port } = configuration.server
 * await createServer(configuration).listen({ host, port })
 */
export function createServer(
  configuration: Configuration,
  overrides: ServerOverrides = {},
): FastifyInstance {
  const { server, trustedOrigins } = configuration
  const { logger = createLogger(server.logLevel), ...replaced } = overrides
  const { ports, render } = countDeviceBinding(createServerPorts(logger, replaced))
  requireStore(configuration.redis, ports)
  const host = createHost({ logger, findReaders: () => trustedOrigins, server })
  const { app, front } = host
  serveMetrics(host, server, [configuration.agentPath], ports.store, render)
  const options = { configuration, ports }
  app.register(createProxyPlugin(front), options)
  app.register(createAgentPlugin(front), options)
  app.register(healthPlugin, options)
  for (const relaxation of findRelaxations(configuration)) {
    logger.warn(relaxation, 'the configuration is weaker than its default')
  }
  return app
}
