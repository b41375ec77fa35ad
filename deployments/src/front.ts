// What browsers connect to: TLS ends here, hosts and paths lead to servers, and requests are counted.
import { request } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { listen } from 'e2e/listen'

/** A request of a browser, without the values of cookies. */
export interface Exchange {
  readonly method: string
  readonly host: string
  readonly path: string
  /** Names of the cookies that came with it. */
  readonly cookies: readonly string[]
  /** Names of the cookies that its answer sets. */
  setCookies: readonly string[]
  /** `undefined` while there is no answer. */
  status: number | undefined
}

/** Where a request goes. */
export interface Target {
  readonly port: number
  /** What is taken off the beginning of the path. */
  readonly strip?: string
}

export interface FrontOptions {
  readonly port: number
  readonly key: string
  readonly cert: string
  /** A function, because servers may start later; `undefined` is answered with 421. */
  readonly route: (host: string, path: string) => Target | undefined
  /** Takes the record, which several fronts may share. */
  readonly exchanges: Exchange[]
  /** Called with the value of every cookie that is set. */
  readonly onCookie: (value: string) => void
}

/** A running front. */
export interface Front {
  readonly port: number
  readonly stop: () => Promise<void>
}

const cookieName = (pair: string): string => pair.trim().split('=', 1)[0] ?? ''

function note(incoming: IncomingMessage, host: string, path: string): Exchange {
  const pairs = incoming.headers.cookie?.split(';') ?? []
  return {
    method: incoming.method ?? 'GET',
    host,
    path,
    cookies: pairs.map(cookieName),
    setCookies: [],
    status: undefined,
  }
}

/** Starts it on 127.0.0.1. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { exchanges } = options

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url = '/' } = incoming
    const host = incoming.headers.host?.split(':')[0] ?? ''
    const path = url.split('?')[0] ?? '/'
    if (path === '/blank') {
      // A page of this host on which nothing runs.
      outgoing
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>-</title>')
      return
    }
    const exchange = note(incoming, host, path)
    exchanges.push(exchange)
    const target = options.route(host, path)
    if (target === undefined) {
      exchange.status = 421
      outgoing.writeHead(421).end()
      return
    }
    const { port, strip = '' } = target
    const forwarded = request({
      host: '127.0.0.1',
      port,
      method,
      path: url.slice(strip.length) || '/',
      headers: incoming.rawHeaders,
      setHost: false,
    })
    forwarded.on('response', (answer) => {
      const setCookies = answer.headers['set-cookie'] ?? []
      for (const cookie of setCookies) {
        const value = cookie.slice(cookie.indexOf('=') + 1).split(';', 1)[0] ?? ''
        if (value !== '') options.onCookie(value)
      }
      exchange.status = answer.statusCode
      exchange.setCookies = setCookies.map(cookieName)
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.on('error', () => outgoing.destroy()).pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  }

  const server = createServer({ key: options.key, cert: options.cert }, handle)
  const { port, stop } = await listen(server, options.port)
  return { port, stop }
}
