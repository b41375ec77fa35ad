// WebSockets on Cloudflare's runtime: a fetch opens one to the upstream, a pair gives the client the other.
import { upstreamRefusal } from '../../proxy/upstream-refusal.ts'
import type { Ports } from '../../ports.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import type { OpenWebSocket } from '../fetch/fetch-handler.ts'
import { handshakeHeaders, offeredProtocols } from '../fetch/handshake.ts'
import { headersOf, linesOf } from '../fetch/header-lines.ts'
import { limitWebSockets } from '../fetch/limit-web-sockets.ts'
import { createRelay, report } from '../fetch/relay.ts'
import type { WorkerGlobals, WorkerResponse } from './platform.ts'

/** Of a handshake that was declined, browsers show no body. */
const isKept = (name: string) => !name.startsWith('content-') && !name.startsWith('sec-websocket-')

/** Creates what opens the WebSockets of a worker. */
export function createWorkerWebSockets(max: number, ports: Ports): OpenWebSocket {
  const { log, now, schedule = scheduleWithTimers } = ports
  return limitWebSockets(max, async (tunnel, { answerHeaders, refuse }, onEnd) => {
    const headers = handshakeHeaders(tunnel)
    headers.set('upgrade', 'websocket')
    const protocols = offeredProtocols(tunnel)
    if (protocols.length > 0) headers.set('sec-websocket-protocol', protocols.join(', '))
    const handshake = new AbortController()
    let isLate = false
    const callOff = schedule(tunnel.timeout * 1000, () => {
      isLate = true
      handshake.abort()
    })
    let upstream: WorkerResponse
    try {
      const { signal } = handshake
      upstream = await fetch(tunnel.origin + tunnel.path, { headers, redirect: 'manual', signal })
    } catch (cause) {
      onEnd()
      log.warn({ err: cause, upstream: tunnel.origin }, 'the upstream failed')
      return refuse(upstreamRefusal(tunnel, isLate ? 'upstream_timeout' : 'upstream_error'))
    } finally {
      callOff()
    }
    const lines = answerHeaders(linesOf(upstream.headers))
    const socket = upstream.webSocket
    if (!socket) {
      onEnd()
      await upstream.body?.cancel()
      return new Response(null, { status: upstream.status, headers: headersOf(lines, isKept) })
    }
    const { WebSocketPair } = globalThis as unknown as WorkerGlobals
    const { 0: client, 1: server } = new WebSocketPair()
    const { closesAt } = tunnel
    const relay = createRelay(server, socket, { closesAt, now, schedule, onEnd })
    report(server, relay.client)
    report(socket, relay.upstream)
    socket.accept()
    server.accept()
    const kept = headersOf(lines, (name) => isKept(name) || name === 'sec-websocket-protocol')
    const init = { status: 101, headers: kept, webSocket: client }
    return new Response(null, init)
  })
}
