// A gateway between browsers and handlers that can spoil requests and answers, as gateways do.
import { createServer, request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { onTestFinished } from 'vitest'
import { close, listen } from '../../src/listening.ts'

/** What a gateway does to what passes. */
export interface GatewayOptions {
  /** Ports of the handlers behind it, in turn. */
  readonly targets: readonly number[]
  /** Changes the headers of a request. */
  readonly onRequest?: (headers: OutgoingHttpHeaders, incoming: IncomingMessage) => void
  /** Changes the headers of an answer; what it returns takes the place of the body. */
  readonly onAnswer?: (
    headers: OutgoingHttpHeaders,
    answer: IncomingMessage,
  ) => { readonly status: number; readonly body: string } | undefined
  readonly rewrite?: (path: string) => string
  /** Keeps answers by method and URL. */
  readonly caches?: boolean
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly maxHeaderSize?: number
  /** By default any free one. */
  readonly port?: number
}

interface Kept {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** Starts a gateway that ends with the test; resolves with its port. */
export async function startGateway(options: GatewayOptions): Promise<number> {
  const { onRequest = () => {}, onAnswer = () => undefined, rewrite = (path) => path } = options
  const kept = new Map<string, Kept>()
  let next = 0

  const pass: RequestListener = (incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming
    const key = `${method} ${url}`
    const old = kept.get(key)
    if (options.caches === true && old !== undefined) {
      outgoing.writeHead(old.status, old.headers).end(old.body)
      return
    }
    const headers: OutgoingHttpHeaders = { ...incoming.headers }
    onRequest(headers, incoming)
    const port = options.targets[next++ % options.targets.length]
    const path = rewrite(url)
    const onward = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
    onward.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => void chunks.push(chunk))
      answer.on('end', () => {
        const changed: OutgoingHttpHeaders = { ...answer.headers }
        delete changed['transfer-encoding']
        delete changed['content-length']
        const replaced = onAnswer(changed, answer)
        const body = replaced === undefined ? Buffer.concat(chunks) : Buffer.from(replaced.body)
        const status = replaced?.status ?? answer.statusCode ?? 502
        if (method === 'GET') kept.set(key, { status, headers: changed, body })
        outgoing.writeHead(status, changed).end(body)
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  const limit = { maxHeaderSize: options.maxHeaderSize ?? 32_768 }
  const server =
    options.tls === undefined
      ? createServer(limit, pass)
      : createTlsServer({ ...limit, ...options.tls }, pass)
  onTestFinished(() => close(server))
  return await listen(server, { port: options.port ?? 0, service: 'a gateway', option: 'none' })
}
