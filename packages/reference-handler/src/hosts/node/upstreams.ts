// The connections to upstreams: kept alive for a while, opened anew when they are old or lead elsewhere.
import { buildConnector, Pool } from 'undici'
import type { Client, Dispatcher } from 'undici'
import { isIP } from 'node:net'
import type { UpstreamServer } from '../../proxy/decision.ts'
import type { Log } from '../../ports.ts'
import { lookupHost } from './local-names.ts'
import { createTlsReader } from './upstream-tls.ts'
import { createUpstreamClient } from './upstream-client.ts'
import type { Connect } from './upstream-client.ts'

/** What is sent to an upstream. */
export type UpstreamRequest = Omit<Dispatcher.DispatchOptions, 'origin'>

/** Sends requests to upstreams. */
export interface Upstreams {
  /** Sends a request over a connection that is kept alive, or a new one. */
  readonly dispatch: (
    server: UpstreamServer,
    request: UpstreamRequest,
    handler: Dispatcher.DispatchHandler,
  ) => void
  /** Sends a request over a new connection, which nothing else uses. */
  readonly dispatchAlone: Upstreams['dispatch']
  /** Breaks all connections off. */
  readonly destroy: () => Promise<void>
}

/** How connections are kept. */
export interface UpstreamsOptions {
  /** Seconds after which no request is sent over a connection any more. */
  readonly maxAge: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
  /** Resolves the names of upstreams; by default as connections do. */
  readonly lookup?: typeof lookupHost
}

/** Milliseconds after which the name of an upstream in use is looked up again. */
const LOOKUP_INTERVAL = 5000

/** Connections of one age to one server. */
interface Generation {
  readonly pool: Pool
  readonly bornAt: number
  lookedUpAt: number
  /** The addresses that its connections lead to. */
  readonly addresses: Set<string>
}

/**
 * Creates the connections to upstreams: kept alive, HTTP/1.1, no time limit for bodies. After `maxAge`,
 * and as soon as the name of a server no longer has the address of a connection, requests go over new
 * connections, and the old ones are closed as soon as their last answers are complete.
 */
export function createUpstreams(options: UpstreamsOptions): Upstreams {
  const { log, lookup = lookupHost, maxAge, now } = options
  const generations = new Map<string, Generation>()
  const readTls = createTlsReader(log)
  /** All that may have open connections. */
  const open = new Set<Dispatcher>()

  /** Lets a dispatcher finish what it has begun. */
  function finish(dispatcher: Dispatcher): void {
    const forget = () => void open.delete(dispatcher)
    dispatcher.close().then(forget, forget)
  }

  const connectorOf = ({ origin, tls }: UpstreamServer): Connect =>
    withOwnName(origin, buildConnector({ lookup, allowH2: false, ...readTls(tls) }))

  function createGeneration(server: UpstreamServer): Generation {
    const addresses = new Set<string>()
    const connect = rememberAddresses(connectorOf(server), addresses)
    const factory = (origin: string | URL, options: object) =>
      createUpstreamClient(origin, { ...options, connect })
    const pool = new Pool(server.origin, { ...clientOptions, connect, factory })
    open.add(pool)
    const bornAt = now()
    return { pool, bornAt, lookedUpAt: bornAt, addresses }
  }

  function retire(name: string, { pool }: Generation): void {
    generations.delete(name)
    finish(pool)
  }

  /** Looks the name of a server up again; meanwhile requests go where they went. */
  function checkAddresses(name: string, server: UpstreamServer, generation: Generation): void {
    generation.lookedUpAt = now()
    const hostname = hostnameOf(server.origin)
    if (isIP(hostname) !== 0) return
    lookup(hostname, { all: true }, (error, found) => {
      if (error !== null || generations.get(name) !== generation) return
      const current = new Set([found].flat().map(addressOf))
      const isLeft = [...generation.addresses].some((address) => !current.has(address))
      if (isLeft) retire(name, generation)
    })
  }

  function currentGeneration(name: string, server: UpstreamServer): Generation {
    const known = generations.get(name)
    if (known !== undefined && now() - known.bornAt < maxAge * 1000) return known
    const next = createGeneration(server)
    if (known !== undefined) retire(name, known)
    generations.set(name, next)
    return next
  }

  return {
    dispatch(server, request, handler) {
      const name = nameOf(server)
      const generation = currentGeneration(name, server)
      generation.pool.dispatch({ ...request, origin: server.origin }, handler)
      // Afterwards, because a lookup may end at once, and the pool with it.
      if (now() - generation.lookedUpAt >= LOOKUP_INTERVAL) checkAddresses(name, server, generation)
    },
    dispatchAlone(server, request, handler) {
      const connect = connectorOf(server)
      const client = createUpstreamClient(server.origin, { ...clientOptions, connect })
      open.add(client)
      client.dispatch({ ...request, origin: server.origin, reset: true }, handler)
      finish(client)
    },
    async destroy() {
      await Promise.all([...open].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

const nameOf = ({ origin, tls }: UpstreamServer) =>
  tls === undefined ? origin : `${origin} ${JSON.stringify(tls)}`

/** Without the brackets of an IPv6 address. */
const hostnameOf = (origin: string) => new URL(origin).hostname.replace(/^\[|\]$/g, '')

/** Has the certificate of a server checked for its own name, whatever `Host` it is sent. */
function withOwnName(origin: string, connect: Connect): Connect {
  const hostname = hostnameOf(origin)
  const name = isIP(hostname) === 0 ? { servername: hostname } : undefined
  return (target, callback) => connect({ ...target, ...name }, callback)
}

const clientOptions = { allowH2: false, bodyTimeout: 0 } satisfies Client.Options

/** Notes where connections lead. */
function rememberAddresses(connect: Connect, addresses: Set<string>): Connect {
  return (target, callback) =>
    connect(target, (error, socket) => {
      if (error !== null) return callback(error, null)
      if (socket.remoteAddress !== undefined) addresses.add(addressOf(socket.remoteAddress))
      callback(null, socket)
    })
}

/** An address as text, without the interface of a link-local one. */
const addressOf = (entry: string | { readonly address: string }): string =>
  (typeof entry === 'string' ? entry : entry.address).replace(/%.*$/, '')

/** Names and values in turn; a name with several values takes several lines. */
export function toHeaderLines(
  headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
): string[] {
  const lines: string[] = []
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') lines.push(name, value)
    else for (const single of value ?? []) lines.push(name, single)
  }
  return lines
}
