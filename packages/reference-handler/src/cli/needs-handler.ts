// Whether a gateway has to ask the handler, and for what.
import type { Configuration } from '../configuration/schema.ts'

/** What the handler alone knows, by the names that the settings of a gateway have for it. */
export const questionsOf = ({ introspection, redis, session }: Configuration) => ({
  /** Which sessions were ended from elsewhere. */
  endedSessions: redis.url !== undefined,
  /** Which JWT there is for an opaque access token. */
  opaqueTokens: introspection.enabled,
  /** The access token of a cookie that only names its session. */
  storedSessions: session.store === 'redis',
})

/** Whether there is anything to ask. */
export const needsHandler = (configuration: Configuration): boolean =>
  Object.values(questionsOf(configuration)).includes(true)
