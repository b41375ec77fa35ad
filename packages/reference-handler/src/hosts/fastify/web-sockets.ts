// WebSockets through the proxy: which may open, how many, and until when.
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { OAuthProxy, ProxyRequest } from '../../proxy/authorize.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { Preflight, Refusal, Tunnel } from '../../proxy/decision.ts'
import type { Ports } from '../../ports.ts'
import { answerAndClose } from '../node/raw-answer.ts'
import { scheduleTimeout } from '../node/schedule.ts'
import { openTunnel } from '../node/tunnel.ts'
import type { OpenTunnel } from '../node/tunnel.ts'
import { closeCodes } from '../node/web-socket-frames.ts'
import { upstreamRefusal } from './upstream-refusal.ts'

/** What the proxy is served with. */
export interface WebSocketOptions extends Pick<Ports, 'now' | 'schedule'> {
  readonly proxy: OAuthProxy
  readonly upstreams: Dispatcher
  readonly readRequest: (request: IncomingMessage) => ProxyRequest
  /** WebSockets that may be open at a time. */
  readonly maxWebSockets: number
  readonly exposeErrorDetails: boolean
}

/**
 * Has a server open the WebSockets that a proxy allows. Each is closed when its access token expires,
 * with a code of its own, and when the server closes.
 */
export function serveWebSockets(instance: FastifyInstance, options: WebSocketOptions): void {
  const { exposeErrorDetails, maxWebSockets, proxy, readRequest, upstreams } = options
  const { now, schedule = scheduleTimeout } = options
  const open = new Set<OpenTunnel>()
  let opening = 0

  async function refuse(socket: Duplex, decision: Preflight | Refusal): Promise<void> {
    const response = answerDecision(decision, exposeErrorDetails)
    answerAndClose(socket, response.status, [...response.headers].flat(), await response.text())
  }

  async function tunnel(decision: Tunnel, request: IncomingMessage, socket: Duplex, head: Buffer) {
    const { corsHeaders } = decision
    if (open.size + opening >= maxWebSockets) {
      instance.log.warn({ maxWebSockets }, 'too many WebSockets')
      const reason = 'Too many WebSockets are open; see server.maxWebSockets.'
      const headers = { ...corsHeaders, 'retry-after': '10' }
      return refuse(socket, { kind: 'refuse', code: 'temporarily_unavailable', reason, headers })
    }
    opening += 1
    const answerHeaders = (lines: readonly string[]) => proxy.responseHeaders(decision, lines)
    const client = { request, socket, head, answerHeaders }
    const result = await openTunnel(upstreams, decision, client, schedule)
    opening -= 1
    if (result.kind === 'failed') {
      instance.log.warn({ err: result.cause, upstream: decision.origin }, 'the upstream failed')
      return refuse(socket, upstreamRefusal(decision, result.code))
    }
    if (result.kind === 'open') await keepOpen(result, decision.closesAt)
  }

  async function keepOpen(tunnel: OpenTunnel, closesAt: number): Promise<void> {
    open.add(tunnel)
    const expire = () => tunnel.close(closeCodes.accessTokenExpired, 'access token expired')
    const callOff = schedule(closesAt - now(), expire)
    await tunnel.closed
    callOff()
    open.delete(tunnel)
  }

  async function handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const decision = await proxy.authorize(readRequest(request))
    if (decision.kind === 'tunnel') return tunnel(decision, request, socket, head)
    if (decision.kind !== 'forward') return refuse(socket, decision)
  }

  instance.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    handle(request, socket, head).catch((error: unknown) => {
      instance.log.error({ err: error }, 'unexpected error')
      socket.destroy()
    })
  })
  instance.addHook('preClose', async () => {
    for (const tunnel of open) tunnel.close(closeCodes.goingAway, 'server closes')
  })
}
