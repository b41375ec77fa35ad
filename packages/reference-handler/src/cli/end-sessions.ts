// `token-handler end-sessions`: an operator ends all sessions of a user.
import { endUserSessions } from '../agent/end-user-sessions.ts'
import { ConfigurationError } from '../configuration/configuration-error.ts'
import type { Environment } from '../configuration/environment.ts'
import { loadDeployment } from '../configuration/load.ts'
import { createServerPorts } from '../hosts/fastify/server-ports.ts'
import { createLogger } from '../hosts/node/logger.ts'

/**
 * Ends all sessions of a user, of all tenants, on all instances that share the store.
 *
 * @throws {ConfigurationError} when the configuration is wrong, names no store, or one that cannot be reached
 */
export async function endSessions(
  sub: string,
  { file, environment }: { readonly file?: string | undefined; readonly environment: Environment },
): Promise<void> {
  const { kind, configuration } = loadDeployment({ file, environment })
  const { redis, server } = configuration
  if (redis?.url === undefined) {
    const message = 'is missing; instances hear of ended sessions by the store'
    throw new ConfigurationError([{ setting: 'redis.url (TOKEN_HANDLER_REDIS_URL)', message }])
  }
  const { connectRedis } = await import('../redis/index.ts')
  const log = createLogger(server.logLevel)
  const store = await connectRedis(redis, log)
  try {
    const ports = createServerPorts(log, { store })
    const configurations =
      kind === 'tenants'
        ? configuration.tenants.map((tenant) => tenant.configuration)
        : [configuration]
    await Promise.all(configurations.map((each) => endUserSessions(each, ports, sub)))
  } finally {
    await store.close()
  }
}
