// The connection to Redis: every command has its end, whatever happens to the server.
import { createHash } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import type { RedisPlace } from '../configuration/redis-url.ts'
import type { StoreCall } from '../store/shared-store.ts'
import type { Script } from './scripts.ts'

/** Milliseconds that a command may take. It covers a server that hangs, too. */
const COMMAND_TIMEOUT = 1000

/** Milliseconds until the next attempt to connect, at most. */
const MAX_RECONNECT_DELAY = 200

/** Talks to Redis. */
export interface Connection {
  /** Runs a script; keys have to be in one slot. */
  readonly run: (
    script: Script,
    keys: readonly string[],
    args: readonly (string | number)[],
  ) => Promise<unknown>
  /** Runs a command, or several commands that it consists of. */
  readonly call: <T>(
    operation: string,
    command: (client: Redis | Cluster) => Promise<T>,
  ) => Promise<T>
  /** Runs an action now and after every reconnection. */
  readonly onReady: (action: () => void) => void
  readonly onLost: (action: () => void) => void
  readonly onCall: (listener: (call: StoreCall) => void) => void
  /** Why there was no connection, the last time that there was none. */
  readonly lastError: () => unknown
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Creates a connection that is not open yet. */
export function createConnection(place: RedisPlace, password: string | undefined): Connection {
  const client = createClient(place, password)
  // A command that fails is told that there is no connection; why there is none stands here.
  let lastError: unknown
  client.on('error', (error) => (lastError = error))
  const listeners: ((call: StoreCall) => void)[] = []

  async function call<T>(operation: string, command: (client: Redis | Cluster) => Promise<T>) {
    const start = performance.now()
    let outcome: StoreCall['outcome'] = 'failed'
    try {
      const result = await command(client)
      outcome = 'ok'
      return result
    } finally {
      const seconds = (performance.now() - start) / 1000
      for (const listener of listeners) listener({ operation, outcome, seconds })
    }
  }

  return {
    call,
    run: ({ operation, lua }, keys, args) =>
      call(operation, async () => {
        try {
          return await client.evalsha(hashOf(lua), keys.length, ...keys, ...args)
        } catch (error) {
          if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
          return await client.eval(lua, keys.length, ...keys, ...args)
        }
      }),
    onReady: (action) => void client.on('ready', action),
    onLost: (action) => void client.on('close', action),
    onCall: (listener) => void listeners.push(listener),
    lastError: () => lastError,
    open: () => client.connect(),
    async close() {
      client.disconnect()
    },
  }
}

const hashes = new Map<string, string>()

function hashOf(lua: string): string {
  const known = hashes.get(lua) ?? createHash('sha1').update(lua).digest('hex')
  hashes.set(lua, known)
  return known
}

function createClient(place: RedisPlace, filePassword: string | undefined): Redis | Cluster {
  const { kind, nodes, tls, username, database: db, master } = place
  const password = filePassword ?? place.password
  const [node] = nodes
  const options = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db,
    commandTimeout: COMMAND_TIMEOUT,
    connectTimeout: COMMAND_TIMEOUT,
    // What cannot be sent now is worth nothing later, and nothing may be sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times: number) => Math.min(50 * times, MAX_RECONNECT_DELAY),
    lazyConnect: true,
    connectionName: 'token-handler',
    ...(tls && { tls: {} }),
  }
  if (kind === 'cluster') {
    const { enableOfflineQueue: _, retryStrategy: __, ...redisOptions } = options
    return new Cluster([...nodes], {
      enableOfflineQueue: false,
      lazyConnect: true,
      clusterRetryStrategy: (times) => Math.min(50 * times, MAX_RECONNECT_DELAY),
      slotsRefreshTimeout: COMMAND_TIMEOUT,
      maxRedirections: 3,
      redisOptions,
    })
  }
  if (kind === 'sentinel') {
    return new Redis({
      ...options,
      sentinels: [...nodes],
      ...(master !== undefined && { name: master }),
      sentinelCommandTimeout: COMMAND_TIMEOUT,
      ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    })
  }
  return new Redis({ ...options, ...node })
}
