// The handler for Deno.serve.
import type { Configuration } from '../../configuration/schema.ts'
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import type { Ports } from '../../ports.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import { createFetchHandler } from '../fetch/fetch-handler.ts'
import { requireWhatFetchCan } from '../fetch/fetch-rules.ts'
import type { OpenWebSocket } from '../fetch/fetch-handler.ts'
import { createLateEnd } from '../fetch/late-end.ts'
import { limitWebSockets } from '../fetch/limit-web-sockets.ts'
import { createRelay, report } from '../fetch/relay.ts'
import type { WebSocketLike } from '../fetch/relay.ts'
import { openUpstreamWebSocket } from '../fetch/upstream-web-socket.ts'
import { createStandalonePorts } from './standalone.ts'
import type { StandaloneOptions } from './standalone.ts'

/** What `Deno.serve` says of a connection. */
export interface DenoConnection {
  readonly remoteAddr: { readonly hostname?: string }
}

interface DenoGlobals {
  readonly Deno: {
    readonly upgradeWebSocket: (
      request: Request,
      options: { readonly protocol?: string },
    ) => { readonly socket: WebSocketLike; readonly response: Response }
  }
}

/** Deno's fetch undoes codings that a request asks for, and leaves alone what comes unasked. */
const NOTHING: ReadonlySet<string> = new Set()

/**
 * Creates the handler for `Deno.serve`: agent, proxy, and files where `serveFiles` is handed over.
 *
 * @param configuration - from `parseEnvironment` or `parseConfiguration`
 * @throws {ConfigurationError} when the configuration asks for what Fetch cannot do
 *
 * @example
 * import { createDenoHandler, parseEnvironment } from '@token-handler/reference-handler/worker'
 *
 * const handler = createDenoHandler(parseEnvironment(process.env))
 * // Deno.serve({ port: 3000 }, handler)
 * console.log(typeof handler)
 */
export function createDenoHandler(
  configuration: Configuration,
  options: StandaloneOptions = {},
): (request: Request, info: DenoConnection) => Promise<Response> {
  const ports = createStandalonePorts(configuration, options)
  requireWhatFetchCan(configuration, ports, true)
  const handle = createFetchHandler(configuration, ports, {
    decoded: NOTHING,
    openWebSocket: createDenoWebSockets(configuration.server.maxWebSockets, ports),
    serveFiles: options.serveFiles,
  })
  return (request, { remoteAddr }) => {
    const protocol = new URL(request.url).protocol === 'https:' ? 'https' : 'http'
    return handle(request, { connection: { protocol, address: remoteAddr.hostname } })
  }
}

/** The upstream first: only then is known which subprotocol the client gets. */
function createDenoWebSockets(max: number, ports: Ports): OpenWebSocket {
  const { log, now, schedule = scheduleWithTimers } = ports
  return limitWebSockets(max, async (tunnel, { refuse, request }, onEnd) => {
    const upstream = await openUpstreamWebSocket(tunnel, schedule)
    if (upstream.kind === 'failed') {
      onEnd()
      log.warn({ upstream: tunnel.origin }, 'the upstream opened no WebSocket')
      return refuse(upstreamRefusal(tunnel, upstream.code))
    }
    const client = createLateEnd()
    const { closesAt } = tunnel
    const relay = createRelay(client, upstream.socket, { closesAt, now, schedule, onEnd })
    report(upstream.socket, relay.upstream)
    const { protocol } = upstream.socket
    const { Deno } = globalThis as unknown as DenoGlobals
    try {
      const { socket, response } = Deno.upgradeWebSocket(request, protocol ? { protocol } : {})
      report(socket, relay.client)
      socket.addEventListener('open', () => client.open(socket))
      return response
    } catch (cause) {
      // Such as a list of subprotocols without spaces, of which Deno 2.9 knows no member.
      log.debug({ err: cause }, 'Deno does not take the handshake')
      relay.client.closed(1001, '')
      const reason = 'The handshake is not one that this server can answer.'
      return refuse({
        kind: 'refuse',
        code: 'invalid_request',
        reason,
        headers: tunnel.corsHeaders,
      })
    }
  })
}
