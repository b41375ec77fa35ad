// A server that is configured with a store needs it: it does not connect by itself, nor goes on without.
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'

/**
 * Checks that a server has the store that its configuration names.
 *
 * @throws {ConfigurationError} when it has not
 */
export function requireStore(redis: Configuration['redis'] | undefined, { store }: Ports): void {
  if (redis?.url === undefined || store !== undefined) return
  const message =
    'names a store that this server was not given; hand it over: { store: await connectRedis(configuration.redis, log) }'
  throw new ConfigurationError([{ setting: 'redis.url', message }])
}
