// The shared store over Redis or Valkey: from a setting to a store that has answered.
import { ConfigurationError } from '../configuration/configuration-error.ts'
import { nameSetting } from '../configuration/describe-mistakes.ts'
import { variables } from '../configuration/environment-variables.ts'
import { readRedisUrl } from '../configuration/redis-url.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Log } from '../ports.ts'
import type { SharedStore } from '../store/shared-store.ts'
import { createConnection } from './connection.ts'
import { createEndingStore } from './endings.ts'
import { explainFailure } from './explain-failure.ts'
import { watchContinuity } from './emptied.ts'
import { probe } from './probe.ts'
import { createRateStore } from './rates.ts'
import { createRefreshStore } from './refreshes.ts'
import { createSessionStore } from './sessions.ts'

/**
 * Connects to Redis 7 or Valkey. Every later call of the store settles within a second or so; while the server is away
 * calls reject, and when it is back they work again by themselves.
 *
 * @param settings - `redis` of a configuration, with a `url`
 * @param log - gets a line when the store goes and when it comes back
 * @returns the store, as soon as it has answered; `close` ends its connections
 * @throws {ConfigurationError} when it cannot be reached, with the cause and its mend
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createServer } from '@token-handler/reference-handler/fastify'
 * import { connectRedis } from '@token-handler/reference-handler/redis'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const store = await connectRedis(configuration.redis, createLogger('info'))
 * await createServer(configuration, { store }).listen({ port: 3000 })
 *
 * @see {@link https://redis.io/docs/latest/develop/programmability/eval-intro/ Redis, scripts}
 */
export async function connectRedis(
  { url, password, prefix }: Configuration['redis'],
  log: Log,
): Promise<SharedStore> {
  const place = url === undefined ? undefined : readRedisUrl(url)
  if (place === undefined) throw wrong('is missing; set it')
  const connection = createConnection(place, password)
  const continuity = watchContinuity(connection, place.kind === 'cluster')
  const ping = () => connection.call('ping', (client) => client.ping())
  try {
    await connection.open()
    await probe(connection, place.kind, prefix)
  } catch (error) {
    await connection.close()
    throw wrong(explainFailure(...connection.lastErrors(), error))
  }

  const endings = createEndingStore(connection, prefix, log)
  let isClosed = false
  connection.onLost(() => {
    if (!isClosed) log.warn({}, 'connection to the store lost; connecting again')
  })
  connection.onReady(() => log.info({}, 'connected to the store again'))
  log.info({ kind: place.kind, tls: place.tls }, 'connected to the store')

  const { mayLock, onEmptied } = continuity
  const { settled, ...refreshes } = createRefreshStore(connection, prefix, mayLock, onEmptied)
  return {
    refreshes,
    endings,
    sessions: createSessionStore(connection, prefix),
    rates: createRateStore(connection, prefix),
    check: () =>
      ping().then(
        () => undefined,
        (error: unknown) => explainFailure(error, ...connection.lastErrors()),
      ),
    onCall: connection.onCall,
    async close() {
      await settled()
      isClosed = true
      continuity.stop()
      endings.stop()
      await connection.close()
    },
  }
}

const wrong = (message: string): ConfigurationError =>
  new ConfigurationError([{ setting: nameSetting(['redis', 'url'], variables), message }])
