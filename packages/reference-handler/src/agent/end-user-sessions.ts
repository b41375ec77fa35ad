// An operator's end of all sessions of a user.
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { endedSessionsOf } from '../store/ended-sessions.ts'
import { markOfUser } from '../store/session-marks.ts'

/**
 * Ends all sessions that a user has until now, on all instances: within a second no API is called for them any more,
 * and their next refresh answers `session_expired`. The user can sign in again.
 *
 * @param ports - with the `store` that all instances share
 * @param sub - the `sub` claim of the user
 * @returns when all instances can know
 * @throws `Error` when there is no store, or it cannot be reached
 *
 * @example
 * import { endUserSessions, parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch } from '@token-handler/reference-handler/fastify'
 * import { connectRedis } from '@token-handler/reference-handler/redis'
 *
 * const configuration = parseConfiguration(JSON.parse(process.argv[2] ?? ''))
 * const log = createLogger('info')
 * const store = await connectRedis(configuration.redis, log)
 * const ports = { fetch: createNodeFetch(), now: Date.now, log, store }
 * await endUserSessions(configuration, ports, 'alice')
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#SubjectIDTypes OpenID Connect Core section 8}
 */
export async function endUserSessions(
  configuration: Configuration,
  ports: Ports,
  sub: string,
): Promise<void> {
  const endedSessions = endedSessionsOf(configuration, ports)
  if (endedSessions === undefined) throw new Error('Ending sessions needs a store; see redis.url.')
  await endedSessions.end([await markOfUser(sub)])
}
