// WebSockets through the proxy: which may open, how many, and until when.
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { OAuthProxy, ProxyRequest } from '../../proxy/oauth-proxy.ts'
import type { ProofAnswer } from '../../proxy/proofs.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { Preflight, Refusal, Tunnel } from '../../proxy/decision.ts'
import type { Ports } from '../../ports.ts'
import { isAnswering } from '../node/answer-order.ts'
import { answerAndClose } from '../node/raw-answer.ts'
import { scheduleTimeout } from '../node/schedule.ts'
import { openTunnel } from '../node/tunnel.ts'
import type { OpenTunnel } from '../node/tunnel.ts'
import { closeCodes } from '../../proxy/web-socket.ts'
import { takeUpgrades } from '../node/upgrades.ts'
import { logAnswer, logRefusal } from './answer-log.ts'
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import type { Upstreams } from '../node/upstreams.ts'

/** What the proxy is served with. */
export interface WebSocketOptions extends Pick<Ports, 'now' | 'schedule'> {
  readonly proxy: OAuthProxy
  readonly upstreams: Upstreams
  readonly readRequest: (request: IncomingMessage) => ProxyRequest
  /** WebSockets that may be open at a time. */
  readonly maxWebSockets: number
  readonly exposeErrorDetails: boolean
}

const CLOSING = 'The server closes.'
const FULL = 'Too many WebSockets are open; see server.maxWebSockets.'

/**
 * Has a server open the WebSockets that a proxy allows. Each is closed when its access token expires,
 * with a code of its own, and when the server closes. From then on, none opens any more.
 */
export function serveWebSockets(instance: FastifyInstance, options: WebSocketOptions): void {
  const { log } = instance
  const { exposeErrorDetails, maxWebSockets, proxy, readRequest, upstreams } = options
  const { now, schedule = scheduleTimeout } = options
  const open = new Set<OpenTunnel>()
  let opening = 0
  const closing = new AbortController()

  async function refuse(socket: Duplex, decision: Preflight | Refusal): Promise<number> {
    const response = answerDecision(decision, exposeErrorDetails)
    answerAndClose(socket, response.status, [...response.headers].flat(), await response.text())
    return response.status
  }

  function refuseForNow({ corsHeaders }: Tunnel, socket: Duplex, reason: string): Promise<number> {
    const code = 'temporarily_unavailable'
    const headers = { ...corsHeaders, 'retry-after': '10' }
    const refusal: Refusal = { kind: 'refuse', code, reason, headers }
    logRefusal(log, refusal)
    return refuse(socket, refusal)
  }

  async function tunnel(decision: Tunnel, request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (closing.signal.aborted) return refuseForNow(decision, socket, CLOSING)
    if (open.size + opening >= maxWebSockets) return refuseForNow(decision, socket, FULL)
    opening += 1
    const answerHeaders = (lines: readonly string[]) => proxy.responseHeaders(decision, lines)
    const proveAgain =
      decision.bound && ((answer: ProofAnswer) => proxy.proveAgain(decision, answer))
    const client = { request, socket, head, answerHeaders, proveAgain }
    const result = await openTunnel(upstreams, decision, client, schedule, closing.signal)
    opening -= 1
    switch (result.kind) {
      case 'failed':
        log.warn({ err: result.cause, upstream: decision.origin }, 'the upstream failed')
        return refuse(socket, upstreamRefusal(decision, result.code))
      case 'called-off':
        return refuseForNow(decision, socket, CLOSING)
      case 'declined':
        return result.status
      case 'client-left':
        return undefined
      case 'open':
        keepOpen(result, decision.closesAt)
        return 101
    }
  }

  function keepOpen(tunnel: OpenTunnel, closesAt: number): void {
    open.add(tunnel)
    const expire = () => tunnel.close(closeCodes.accessTokenExpired, 'access token expired')
    const callOff = schedule(closesAt - now(), expire)
    void tunnel.closed.then(() => {
      callOff()
      open.delete(tunnel)
    })
    if (closing.signal.aborted) sayServerCloses(tunnel)
  }

  /** Answers a handshake. Resolves with the status, or without one when the client has left or did not wait for its turn. */
  async function handle(request: IncomingMessage, socket: Duplex, head: Buffer) {
    if (isAnswering(socket) || !socket.writable) return void socket.destroy()
    const decision = await proxy.authorize(readRequest(request))
    if (decision.kind === 'tunnel') return tunnel(decision, request, socket, head)
    if (decision.kind === 'forward') throw new Error('An upgrade is never forwarded as a request.')
    if (decision.kind === 'refuse') logRefusal(log, decision)
    return refuse(socket, decision)
  }

  async function serve(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const startedAt = now()
    const status = await handle(request, socket, head).catch((error: unknown) => {
      log.error({ err: error }, 'unexpected error')
      socket.destroy()
      return undefined
    })
    const milliseconds = now() - startedAt
    logAnswer(log, request, { status, milliseconds, isComplete: status !== undefined })
  }

  const isOurs = (request: IncomingMessage) => proxy.takesUpgrade(readRequest(request))
  instance.server.on('upgrade', (request, socket, head) => {
    if (!isOurs(request)) return
    socket.on('error', () => socket.destroy())
    void serve(request, socket, head)
  })
  takeUpgrades(instance.server, isOurs)
  instance.addHook('preClose', async () => {
    closing.abort()
    for (const tunnel of open) sayServerCloses(tunnel)
  })
}

const sayServerCloses = (tunnel: OpenTunnel) => tunnel.close(closeCodes.goingAway, 'server closes')
