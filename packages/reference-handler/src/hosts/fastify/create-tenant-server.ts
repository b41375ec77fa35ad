// Several tenants on one Fastify server.
import type { FastifyInstance } from 'fastify'
import { nameSetting } from '../../configuration/describe-mistakes.ts'
import { findRelaxations } from '../../configuration/relaxations.ts'
import type { Tenant } from '../../configuration/tenant.ts'
import type { TenantsConfiguration } from '../../configuration/tenants.ts'
import { findHeader } from '../../tenants/find-header.ts'
import { createTenantSelector } from '../../tenants/tenant-selector.ts'
import { createPlainTenants } from '../../tenants/tenant-handlers.ts'
import { createConnectionReader } from '../node/client-connection.ts'
import { createLogger } from '../node/logger.ts'
import { countDeviceBinding } from './count-device-binding.ts'
import { requireClientKeys } from './check-signing-keys.ts'
import { requireTlsFiles } from './check-tls-files.ts'
import type { ServerOverrides } from './create-server.ts'
import { serveForwardAuth } from './forward-auth-server.ts'
import { requireStore } from './require-store.ts'
import { createServerPorts } from './server-ports.ts'
import { serveHealth } from './health.ts'
import type { FindReaders } from './error-answers.ts'
import { createHost } from './host.ts'
import { serveMetrics } from './metrics.ts'
import { serveAgent } from './oauth-agent-plugin.ts'
import { serveProxy } from './oauth-proxy-plugin.ts'

/**
 * Creates a server with the agents, proxies and routes of all tenants, `/health` and `/ready`. It does
 * not listen yet. The tenant of a request is found by the `Host` that arrives here: a proxy in front
 * has to leave it as it is.
 *
 * @param configuration - from `parseTenants`
 * @returns a Fastify instance, as `createServer` does
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { parseTenants } from '@token-handler/reference-handler'
 * import { createTenantServer } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseTenants(JSON.parse(await readFile('tenants.json', 'utf8')))
 * const { host, port } = configuration.server
 * await createTenantServer(configuration).listen({ host, port })
 */
export function createTenantServer(
  { redis, server, tenants }: TenantsConfiguration,
  overrides: ServerOverrides = {},
): FastifyInstance {
  const { logger = createLogger(server.logLevel), ...replaced } = overrides
  const { ports, render } = countDeviceBinding(createServerPorts(logger, replaced))
  requireStore(redis, ports)
  const configurations = tenants.map(({ configuration }) => configuration)
  const { agent, proxy } = createPlainTenants(tenants, ports)

  const routes = configurations.flatMap((configuration) => configuration.routes)
  const exposeErrorDetails = configurations.every(
    (configuration) => configuration.exposeErrorDetails,
  )
  const agentPaths = new Set(configurations.map(({ agentPath }) => agentPath))

  const host = createHost({ logger, findReaders: createReaderFinder(tenants), server })
  const { app, front } = host
  serveMetrics(host, server, [...agentPaths], ports.store, render)
  serveProxy(app, proxy, { exposeErrorDetails, routes, server }, ports, front)
  serveForwardAuth(app, proxy, { exposeErrorDetails, server })
  app.register((instance, _options, done) => {
    serveAgent(instance, agent, [...agentPaths], createConnectionReader(server.trustedProxies))
    done()
  })
  serveHealth(app, configurations, ports)
  requireClientKeys(
    app,
    configurations.map((configuration, index) => ({
      configuration,
      nameOf: (path) => nameSetting(['tenants', index, ...path], []),
    })),
  )

  const tlsFiles = configurations.map(({ routes }, tenant) =>
    routes.map(({ tls }, index) => ({ tls, setting: `tenants[${tenant}].routes[${index}].tls` })),
  )
  requireTlsFiles(app, tlsFiles.flat())

  for (const { host, path, configuration } of tenants) {
    for (const relaxation of findRelaxations(configuration)) {
      logger.warn({ host, path, ...relaxation }, 'the configuration is weaker than its default')
    }
  }
  return app
}

/** Error answers outside of all tenants' paths are for the pages of whichever tenants have the host. */
function createReaderFinder(tenants: readonly Tenant[]): FindReaders {
  const originsByHost = new Map<string | undefined, readonly string[]>()
  for (const { host, configuration } of tenants) {
    const name = host?.toLowerCase()
    const origins = originsByHost.get(name) ?? []
    originsByHost.set(name, [...origins, ...configuration.trustedOrigins])
  }
  const select = createTenantSelector(
    [...originsByHost].map(([host, trustedOrigins]) => ({ host, trustedOrigins })),
  )
  return ({ rawHeaders }) => select(findHeader(rawHeaders, 'host'), '')?.trustedOrigins ?? []
}
