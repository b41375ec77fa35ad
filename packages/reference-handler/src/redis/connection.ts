// The connection to Redis: every command has its end, whatever happens to the server.
import { createHash } from 'node:crypto'
import { Cluster, Redis } from 'ioredis'
import type { RedisPlace } from '../configuration/redis-url.ts'
import type { StoreCall } from '../store/shared-store.ts'
import type { Script } from './scripts.ts'

/** Milliseconds that a command may take. It covers a server that hangs, too. */
const COMMAND_TIMEOUT = 1000

/**
 * Milliseconds without a byte from a server that is waited for, until the connection is given up: its end never comes
 * from a host that went away, and behind sentinels another server may have taken over.
 */
const SILENCE = 3000

/** Milliseconds until the next attempt to connect, at most. */
const MAX_RECONNECT_DELAY = 200

/** Where ioredis says why there is no connection, the most telling first. */
const ERROR_EVENTS = ['sentinelError', 'node error', 'error'] as const

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
  /** Reads keys that may be in any slots: at once, where there are none. */
  readonly getAll: (
    operation: string,
    keys: readonly string[],
  ) => Promise<readonly (string | null)[]>
  /** Runs an action after every connection. */
  readonly onReady: (action: () => void) => void
  readonly onLost: (action: () => void) => void
  readonly onCall: (listener: (call: StoreCall) => void) => void
  /** Why there is no connection, as far as that is known. */
  readonly lastErrors: () => readonly unknown[]
  /** Tries once; afterwards, a connection that is lost is opened again and again. */
  readonly open: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Creates a connection that is not open yet. */
export function createConnection(place: RedisPlace, password: string | undefined): Connection {
  let hasBeenOpen = false
  const client = createClient(place, password, (times) =>
    hasBeenOpen ? Math.min(50 * times, MAX_RECONNECT_DELAY) : null,
  )
  // A command that fails is told that there is no connection; why there is none stands here.
  const lastErrors = new Map<string, unknown>()
  for (const event of ERROR_EVENTS) {
    client.on(event, (error: unknown) => void lastErrors.set(event, error))
  }
  client.on('ready', () => lastErrors.clear())
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
    getAll: (operation, keys) =>
      client instanceof Cluster
        ? Promise.all(keys.map((key) => call(operation, () => client.get(key))))
        : call(operation, () => client.mget(...keys)),
    onReady: (action) => void client.on('ready', action),
    onLost: (action) => void client.on('close', action),
    onCall: (listener) => void listeners.push(listener),
    lastErrors: () => ERROR_EVENTS.map((event) => lastErrors.get(event)),
    async open() {
      await client.connect()
      hasBeenOpen = true
    },
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

function createClient(
  place: RedisPlace,
  filePassword: string | undefined,
  retryStrategy: (times: number) => number | null,
): Redis | Cluster {
  const { kind, nodes, tls, username, database: db, master } = place
  const password = filePassword ?? place.password
  const [node] = nodes
  const options = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    db,
    commandTimeout: COMMAND_TIMEOUT,
    connectTimeout: COMMAND_TIMEOUT,
    socketTimeout: SILENCE,
    // What cannot be sent now is worth nothing later, and nothing may be sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // The name of the server may belong to its successor by now.
    reconnectOnError: ({ message }: Error) => message.includes('READONLY'),
    retryStrategy,
    lazyConnect: true,
    connectionName: 'token-handler',
    ...(tls && { tls: {} }),
  }
  if (kind === 'cluster') {
    const { enableOfflineQueue: _, retryStrategy: __, ...redisOptions } = options
    return new Cluster([...nodes], {
      enableOfflineQueue: false,
      lazyConnect: true,
      clusterRetryStrategy: retryStrategy,
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
      sentinelRetryStrategy: retryStrategy,
      ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    })
  }
  return new Redis({ ...options, ...node })
}
