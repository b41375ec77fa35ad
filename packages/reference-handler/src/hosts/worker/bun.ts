// The handler for Bun.serve.
import type { Configuration } from '../../configuration/schema.ts'
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import type { Ports } from '../../ports.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import { createFetchHandler } from '../fetch/fetch-handler.ts'
import { requireWhatFetchCan } from '../fetch/fetch-rules.ts'
import type { OpenWebSocket } from '../fetch/fetch-handler.ts'
import type { SendUpstream, UpstreamInit } from '../fetch/forward.ts'
import { createLateEnd } from '../fetch/late-end.ts'
import type { LateEnd } from '../fetch/late-end.ts'
import { limitWebSockets } from '../fetch/limit-web-sockets.ts'
import { createRelay, report } from '../fetch/relay.ts'
import type { Message, RelayEnd, RelaySide } from '../fetch/relay.ts'
import { openUpstreamWebSocket } from '../fetch/upstream-web-socket.ts'
import { createStandalonePorts } from './standalone.ts'
import type { StandaloneOptions } from './standalone.ts'

/** What Bun keeps of a WebSocket for this handler. */
export interface BunSocketData {
  readonly client: LateEnd
  readonly side: RelaySide
}

/** A client's end of a WebSocket, as Bun hands it to {@link BunHandler.websocket}. */
export interface BunSocket extends RelayEnd {
  binaryType?: string | undefined
  readonly data: BunSocketData
}

/** What of Bun's server this handler uses. */
export interface BunServer {
  readonly requestIP: (request: Request) => { readonly address: string } | null
  readonly upgrade: (
    request: Request,
    options: { readonly data: BunSocketData; readonly headers: Readonly<Record<string, string>> },
  ) => boolean
}

/** What `Bun.serve` takes of this handler; the caller adds a port. */
export interface BunHandler {
  readonly fetch: (request: Request, server: BunServer) => Promise<Response | undefined>
  readonly websocket: {
    readonly open: (socket: BunSocket) => void
    readonly message: (socket: BunSocket, message: Message) => void
    readonly close: (socket: BunSocket, code: number, reason: string) => void
  }
}

/** Answers pass as they are encoded, which Bun has to be told. */
const sendAsIs: SendUpstream = (url, init) => {
  const asIs: UpstreamInit & { readonly decompress: boolean } = { ...init, decompress: false }
  return fetch(url, asIs)
}

const NOTHING: ReadonlySet<string> = new Set()

/**
 * Creates what `Bun.serve` needs: agent, proxy, and files where `serveFiles` is handed over.
 *
 * @param configuration - from `parseEnvironment` or `parseConfiguration`
 * @throws {ConfigurationError} when the configuration asks for what Fetch cannot do
 *
 * @example
 * import { createBunHandler, parseEnvironment } from '@token-handler/reference-handler/worker'
 *
 * const handler = createBunHandler(parseEnvironment(process.env))
 * // Bun.serve({ port: 3000, ...handler })
 * console.log(typeof handler.fetch)
 */
export function createBunHandler(
  configuration: Configuration,
  options: StandaloneOptions = {},
): BunHandler {
  const ports = createStandalonePorts(configuration, options)
  requireWhatFetchCan(configuration, ports, true)
  /** The server of each request that may become a WebSocket. */
  const servers = new WeakMap<Request, BunServer>()
  const upgraded = new Response()
  const upgrade = (request: Request, data: BunSocketData, protocol: string): boolean => {
    const headers: Record<string, string> = protocol ? { 'sec-websocket-protocol': protocol } : {}
    return servers.get(request)?.upgrade(request, { data, headers }) ?? false
  }
  const openWebSocket = createBunWebSockets(
    configuration.server.maxWebSockets,
    ports,
    (...opened) => (upgrade(...opened) ? upgraded : undefined),
  )
  const handle = createFetchHandler(configuration, ports, {
    send: sendAsIs,
    decoded: NOTHING,
    asksForIdentity: false,
    openWebSocket,
    serveFiles: options.serveFiles,
  })
  return {
    async fetch(request, server) {
      servers.set(request, server)
      const protocol = new URL(request.url).protocol === 'https:' ? 'https' : 'http'
      const address = server.requestIP(request)?.address
      const response = await handle(request, { connection: { protocol, address } })
      // Bun has answered the handshake itself.
      return response === upgraded ? undefined : response
    },
    websocket: {
      open(socket) {
        socket.binaryType = 'arraybuffer'
        socket.data.client.open(socket)
      },
      message: ({ data }, message) => data.side.message(message),
      close: ({ data }, code, reason) => data.side.closed(code, reason),
    },
  }
}

/** The upstream first: only then is known which subprotocol the client gets. */
function createBunWebSockets(
  max: number,
  ports: Ports,
  upgrade: (request: Request, data: BunSocketData, protocol: string) => Response | undefined,
): OpenWebSocket {
  const { log, now, schedule = scheduleWithTimers } = ports
  return limitWebSockets(max, async (tunnel, { refuse, request }, onEnd) => {
    const upstream = await openUpstreamWebSocket(tunnel, schedule)
    if (upstream.kind === 'failed') {
      onEnd()
      log.warn({ upstream: tunnel.origin }, 'the upstream opened no WebSocket')
      return refuse(upstreamRefusal(tunnel, upstream.code))
    }
    const { socket } = upstream
    const client = createLateEnd()
    const { closesAt } = tunnel
    const relay = createRelay(client, socket, { closesAt, now, schedule, onEnd })
    report(socket, relay.upstream)
    const answer = upgrade(request, { client, side: relay.client }, socket.protocol)
    if (answer !== undefined) return answer
    relay.client.closed(1001, '')
    const reason = 'The handshake is not one that this server can answer.'
    return refuse({ kind: 'refuse', code: 'invalid_request', reason, headers: tunnel.corsHeaders })
  })
}
