// A real handler in front of a real upstream, both on free ports, for one test file.
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { afterAll, beforeEach } from 'vitest'
import { parseConfiguration } from '../../src/configuration/parse.ts'
import type { Configuration, ConfigurationInput } from '../../src/configuration/schema.ts'
import { createServer } from '../../src/hosts/fastify/create-server.ts'
import { createLogger } from '../../src/hosts/node/logger.ts'
import type { Fetch, Ports } from '../../src/ports.ts'
import type { SharedStore } from '../../src/store/shared-store.ts'
import { sealerOf } from '../../src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../src/sealing/proxy-cookie.ts'
import { validInput } from '../configuration/valid-configuration.ts'
import type { ManualTime } from '../support/manual-time.ts'

export const origin = 'https://www.app.example'
export const accessToken = 'the-access-token'
export const cookieName = '__Host-Http-th-at'

export interface TestHandler {
  readonly server: FastifyInstance
  readonly configuration: Configuration
  readonly port: number
  readonly upstreamPort: number
  readonly upstream: HttpServer
  /** Requests that reached the upstream. */
  readonly upstreamRequests: readonly IncomingMessage[]
  /** Decides what the upstream answers; by default 200 and what it received. */
  readonly answerWith: (listener: RequestListener) => void
  /** Header lines of a request that the proxy accepts. */
  readonly goodLines: readonly string[]
  readonly logger: Logger
  /** Everything logged so far, at level trace. */
  readonly logText: () => string
  readonly close: () => Promise<void>
  readonly reset: () => void
}

interface HandlerOptions {
  /** Changes the route past its checks, such as to a time limit below a second. */
  readonly changeRoute?: Partial<Configuration['routes'][number]>
  /** @default '/v1' */
  readonly upstreamPath?: string
  /** How the handler reaches the authorization server; by default, it does not. */
  readonly fetch?: Fetch
  /** Thumbprint of the key that the access token is bound to; by default, it is a bearer token. */
  readonly dpopKey?: string
  /** Milliseconds since the epoch at which the access token expires; by default, nobody knows. */
  readonly expiresAt?: number
  /** By default, time passes by itself. */
  readonly time?: ManualTime
  /** Makes spans. */
  readonly trace?: Ports['trace']
  /** Shared among several handlers of a test. */
  readonly refreshCoordinator?: Ports['refreshCoordinator']
  /** What all instances share. */
  readonly store?: SharedStore
  /** Sees the server before it listens. */
  readonly prepare?: (server: FastifyInstance) => void
}

const noAuthorizationServer: Fetch = () =>
  Promise.reject(new Error('There is no authorization server.'))

/** Starts a handler whose route `/api` leads to an upstream at `/v1`. */
export async function startHandler(
  input: Partial<ConfigurationInput> = {},
  options: HandlerOptions = {},
): Promise<TestHandler> {
  const { changeRoute = {}, expiresAt, fetch = noAuthorizationServer, prepare, time } = options
  const { dpopKey, refreshCoordinator, store, trace, upstreamPath = '/v1' } = options
  const upstreamRequests: IncomingMessage[] = []
  let listener = echo
  const upstream = createHttpServer((request, response) => {
    upstreamRequests.push(request)
    listener(request, response)
  })
  await once(upstream.listen(0, '127.0.0.1'), 'listening')
  const upstreamPort = portOf(upstream.address())

  const parsed = parseConfiguration({
    ...validInput,
    routes: [{ path: '/api', upstream: `http://127.0.0.1:${upstreamPort}${upstreamPath}` }],
    ...input,
  })
  const routes = parsed.routes.map((route) => ({ ...route, ...changeRoute }))
  const configuration = { ...parsed, routes }

  let log = ''
  const logger = createLogger('trace', { write: (line) => void (log += line) })
  const server = createServer(configuration, {
    logger,
    fetch,
    ...(refreshCoordinator && { refreshCoordinator }),
    ...(store && { store }),
    ...(trace && { trace }),
    ...(time && { now: time.now, schedule: time.schedule }),
  })
  prepare?.(server)
  await server.listen({ port: 0, host: '127.0.0.1' })

  const sealer = sealerOf(configuration, {})
  const cookie = await sealProxyCookie(sealer, {
    accessToken,
    issuedAt: time?.now() ?? Date.now(),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(dpopKey !== undefined && { dpopKey }),
  })

  return {
    server,
    configuration,
    logger,
    port: portOf(server.server.address()),
    upstreamPort,
    upstream,
    upstreamRequests,
    answerWith: (next) => {
      listener = next
    },
    goodLines: [
      'Host: api.app.example',
      `Origin: ${origin}`,
      'Token-Handler-Version: 1',
      `Cookie: ${cookieName}=${cookie}`,
      'Connection: close',
    ],
    logText: () => log,
    reset: () => {
      upstreamRequests.length = 0
      listener = echo
    },
    close: async () => {
      upstream.closeAllConnections()
      upstream.close()
      await server.close()
    },
  }
}

/** A handler for all tests of one file; each of them finds it as it was at the start. */
export async function shareHandler(): Promise<TestHandler> {
  const handler = await startHandler()
  beforeEach(handler.reset)
  afterAll(handler.close)
  return handler
}

/** The port that a server listens on. */
export function portOf(address: unknown): number {
  if (typeof address === 'object' && address !== null && 'port' in address) {
    return Number(address.port)
  }
  throw new Error('The server does not listen on a port.')
}

/** Answers with the request as it came, header lines included. */
const echo: RequestListener = (request, response) => {
  const { method, url, rawHeaders } = request
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ method, url, rawHeaders }))
}
