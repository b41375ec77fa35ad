// A host in front of an API of the test's own, and a browser that is signed in already.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as open } from 'node:http'
import type { IncomingMessage, RequestListener, RequestOptions } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfiguration } from '@token-handler/reference-handler'
import { WebSocketServer } from 'ws'
import { sealerOf } from '../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { validInput } from '../../packages/reference-handler/test/configuration/valid-configuration.ts'
import type { Host } from './host.ts'
import { portOf } from './port-of.ts'
import type { RunningHost } from './process.ts'

export const accessToken = 'the-access-token'
export const cookieName = '__Host-Http-th-at'
export const origin = 'https://www.app.example'

/** A host and its API. */
export interface UpstreamFixture {
  readonly host: RunningHost
  /** What the API was asked for, since the last `answerWith`. */
  readonly received: readonly IncomingMessage[]
  /** Says what the API answers from now on. */
  readonly answerWith: (listener: RequestListener) => void
  readonly sockets: WebSocketServer
  /** The value of a proxy cookie whose access token lives for so many milliseconds. */
  readonly seal: (lifetime: number) => Promise<string>
  /** Sends what a trusted page would, with these headers besides. */
  readonly send: (
    path: string,
    init?: { readonly method?: string; readonly headers?: Record<string, string> },
  ) => ReturnType<typeof open>
  readonly stop: () => Promise<void>
}

const HOUR = 3_600_000

/** Starts both. The routes: `/api`, `/api/live` for WebSockets, `/away` to nobody, and `/slow` with a second's patience. */
export async function startWithUpstream(host: Host): Promise<UpstreamFixture> {
  const received: IncomingMessage[] = []
  let listener: RequestListener = (_request, response) => response.end('ok')
  const upstream = createServer((request, response) => {
    received.push(request)
    listener(request, response)
  })
  const sockets = new WebSocketServer({
    server: upstream,
    handleProtocols: (protocols) => (protocols.has('orders') ? 'orders' : false),
  })
  await once(upstream.listen(0, '127.0.0.1'), 'listening')
  const base = `http://127.0.0.1:${portOf(upstream)}`
  const configuration = parseConfiguration({
    ...validInput,
    routes: [
      { path: '/api', upstream: `${base}/v1` },
      { path: '/api/live', upstream: `${base}/live`, webSocket: true },
      { path: '/away', upstream: 'http://127.0.0.1:1' },
      { path: '/slow', upstream: `${base}/slow`, timeout: 1 },
    ],
    server: { maxWebSockets: 3 },
  })
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-host-'))
  const running = await host.start({ configuration, folder, proxyPort: 1 })
  const sealer = sealerOf(configuration, {})
  const seal = (lifetime: number) =>
    sealProxyCookie(sealer, {
      accessToken,
      issuedAt: Date.now(),
      expiresAt: Date.now() + lifetime,
    })
  const cookie = await seal(HOUR)
  return {
    host: running,
    received,
    answerWith(next) {
      received.length = 0
      listener = next
    },
    sockets,
    seal,
    send: (path, { method = 'GET', headers = {} } = {}) =>
      openQuietly({
        host: '127.0.0.1',
        port: running.port,
        path,
        method,
        agent: false,
        headers: {
          host: 'api.app.example',
          origin,
          'token-handler-version': '1',
          cookie: `${cookieName}=${cookie}`,
          ...headers,
        },
      }),
    async stop() {
      await running.stop()
      for (const client of sockets.clients) client.terminate()
      upstream.closeAllConnections()
      upstream.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A request whose end after the answer, whatever it is, is no error. */
function openQuietly(options: RequestOptions): ReturnType<typeof open> {
  const request = open(options)
  request.on('response', () => request.on('error', () => {}))
  return request
}

/** Resolves with the answer to a request that is sent whole. */
export async function answerTo(request: ReturnType<typeof open>): Promise<IncomingMessage> {
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}
