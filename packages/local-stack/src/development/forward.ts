// Handing requests and upgrades on to another server on this machine, bytes as they come.
import { request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { lookupHost } from '../lookup-host.ts'

/** Pseudo headers of HTTP/2 are no headers. */
const onlyHeaders = (headers: IncomingMessage['headers']): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))

/** Headers of HTTP/1.1 connections, which HTTP/2 does not know. */
const connectionHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

function answerHeaders(headers: IncomingMessage['headers'], version: number): OutgoingHttpHeaders {
  if (version < 2) return headers
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !connectionHeaders.has(name)),
  )
}

const place = (target: string) => {
  const { hostname, port } = new URL(target)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), lookup: lookupHost }
}

/**
 * Hands a request on.
 *
 * @param target - an http URL, of which the origin counts
 */
export function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  changed: OutgoingHttpHeaders = {},
): void {
  const { method = 'GET', url: path = '/' } = incoming
  const authority = incoming.headers[':authority']
  const host = incoming.headers.host ?? (typeof authority === 'string' ? authority : '')
  const headers = { ...onlyHeaders(incoming.headers), host, ...changed }
  const onward = request({ ...place(target), method, path, headers })
  onward.on('response', (answer) => {
    outgoing.writeHead(
      answer.statusCode ?? 502,
      answerHeaders(answer.headers, incoming.httpVersionMajor),
    )
    answer.pipe(outgoing)
    answer.once('error', () => outgoing.destroy())
  })
  onward.on('error', () => {
    if (outgoing.headersSent) return void outgoing.destroy()
    outgoing.writeHead(502, { 'content-type': 'text/plain; charset=utf-8' })
    outgoing.end(`Nothing answers at ${new URL(target).origin}. Is it running?`)
  })
  outgoing.once('close', () => onward.destroy())
  incoming.pipe(onward)
}

/** Hands an upgrade, such as that of a WebSocket, on. */
export function forwardUpgrade(
  target: string,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  changed: OutgoingHttpHeaders = {},
): void {
  const { method = 'GET', url: path = '/' } = incoming
  const onward = request({
    ...place(target),
    method,
    path,
    headers: { ...incoming.headers, ...changed },
  })
  const end = () => void socket.destroy()
  socket.once('error', () => onward.destroy())
  onward.once('error', end)
  onward.once('response', end)
  onward.once('upgrade', (answer, other, first) => {
    const lines = answer.rawHeaders.flatMap((text, index, all) =>
      index % 2 === 0 ? [`${text}: ${all[index + 1] ?? ''}`] : [],
    )
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
    if (first.length > 0) socket.write(first)
    if (head.length > 0) other.write(head)
    socket.once('close', () => other.destroy())
    other.once('close', end)
    other.once('error', end)
    socket.pipe(other).pipe(socket)
  })
  onward.end()
}
