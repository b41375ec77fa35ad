// What browsers connect to in place of a server: it hands everything on, writes it down, and can hold an answer.
import { createServer as createPlainServer, request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Certificate } from './certificate.ts'
import { createRecord } from './front-record.ts'
import type { Exchange } from './front-record.ts'
import { listen } from './listen.ts'

export type { Exchange } from './front-record.ts'

/** Every front has an empty page here, with no policy. */
export const blankPath = '/blank'

/** A server as browsers see it. */
export interface Front {
  readonly origin: string
  /** Every request of a browser so far, in the order of their arrival. */
  readonly exchanges: () => readonly Exchange[]
  /** Answers GET requests for a path with this document instead of handing them on. */
  readonly publish: (path: string, content: string, type?: string) => void
  /**
   * Keeps back the answers to requests for a path, preflights excepted, until they are released.
   *
   * @returns the release, and a promise for the first answer that has been kept back
   */
  readonly hold: (path: string) => Hold
  readonly stop: () => Promise<void>
}

/** Answers that are kept back. */
export interface Hold {
  readonly release: () => void
  readonly held: Promise<unknown>
}

/** Options of {@link startFront}. */
export interface FrontOptions {
  readonly hostname: string
  /** A port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** The port of the server behind it, for a path; a function, because servers may start later. */
  readonly target: (path: string) => number
  /** Serves over TLS. */
  readonly certificate?: Certificate | undefined
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/'

/** Starts it, and resolves when it listens. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { hostname, certificate, target } = options
  const blank = { content: '<!doctype html><title>Blank</title>', type: 'text/html' }
  const pages = new Map([[blankPath, blank]])
  const holds = new Map<
    string,
    { readonly arrived: () => void; readonly released: Promise<void> }
  >()
  const record = createRecord()
  let origin = ''

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url = '/' } = incoming
    const path = pathOf(incoming)
    const exchange = record.begin(method, origin + url)
    const page = method === 'GET' ? pages.get(path) : undefined
    if (page !== undefined) {
      outgoing.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-cache' })
      outgoing.end(page.content)
      return
    }
    const forwarded = request({
      host: '127.0.0.1',
      port: target(path),
      method,
      path: url,
      headers: incoming.rawHeaders,
      setHost: false,
    })
    async function answerWith(answer: IncomingMessage): Promise<void> {
      answer.on('error', () => outgoing.destroy())
      const hold = method === 'OPTIONS' ? undefined : holds.get(path)
      if (hold !== undefined) {
        hold.arrived()
        await hold.released
      }
      exchange.answered(answer)
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    }
    forwarded.on('response', (answer) => void answerWith(answer))
    forwarded.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  }

  /** Byte for byte: what follows is no HTTP any more. */
  function tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    record.begin('GET', origin.replace('http', 'ws') + incoming.url)
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`]
    incoming.rawHeaders.forEach((text, index, all) => {
      if (index % 2 === 1) lines.push(`${all[index - 1]}: ${text}`)
    })
    const upstream = connect(target(pathOf(incoming)), '127.0.0.1', () => {
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`)
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
    sockets.add(upstream)
  }

  const sockets = new Set<Duplex>()
  const server = certificate === undefined ? createPlainServer() : createTlsServer(certificate)
  server.on('request', handle)
  server.on('upgrade', tunnel)
  const { port, stop } = await listen(server, options.port)
  origin = `http${certificate === undefined ? '' : 's'}://${hostname}:${port}`

  return {
    origin,
    exchanges: record.read,
    publish: (path, content, type = 'text/html') => void pages.set(path, { content, type }),
    hold(path) {
      const { promise: held, resolve: arrived } = Promise.withResolvers<void>()
      const { promise: released, resolve } = Promise.withResolvers<void>()
      holds.set(path, { arrived, released })
      const release = () => {
        holds.delete(path)
        resolve()
      }
      return { release, held }
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await stop()
    },
  }
}
