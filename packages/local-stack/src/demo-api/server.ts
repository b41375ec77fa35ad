// The API behind the proxy. It knows access tokens, and nothing of cookies or of the agent.
import { createServer } from 'node:http'
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyError } from 'fastify'
import type { Fetch } from '@token-handler/reference-handler'
import { createGate } from '../availability.ts'
import type { Availability } from '../availability.ts'
import { takePort } from '@token-handler/reference-handler/fastify'
import { LOOPBACK, portOf } from '../listening.ts'
import { createAccessCheck, createRemoteKeys } from './access-token.ts'
import type { AccessTokenRules } from './access-token.ts'
import { requireAccessToken } from './authentication.ts'
import { addOrderRoutes } from './order-routes.ts'
import { createOrderBook } from './orders.ts'
import { addRawRoutes } from './raw-routes.ts'

/** How the API starts. */
export interface DemoApiOptions extends AccessTokenRules {
  /** 0 for any free one. */
  readonly port: number
  /** Fetches the signing keys of the authorization server. */
  readonly fetch: Fetch
  readonly logger: FastifyBaseLogger
}

/** A running API. */
export interface DemoApi {
  /** Without a trailing slash. */
  readonly url: string
  readonly setAvailability: (availability: Availability) => void
  readonly close: () => Promise<void>
}

/**
 * Starts the API.
 *
 * @throws `PortTakenError` when another program has the port
 */
export async function startDemoApi(options: DemoApiOptions): Promise<DemoApi> {
  const gate = createGate()
  const api = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    serverFactory: (listener) => createServer(gate.guard(listener)),
  })
  api.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not_found' }))
  api.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500 } = error
    if (statusCode < 500) return reply.code(statusCode).send({ error: 'invalid_request' })
    request.log.error({ err: error }, 'the demo API failed')
    return reply.code(500).send({ error: 'server_error' })
  })
  const keys = createRemoteKeys(options.issuer, options.fetch)
  requireAccessToken(api, createAccessCheck(options, keys))
  addOrderRoutes(api, createOrderBook(Date.now), Date.now)
  void api.register(async (raw) => addRawRoutes(raw))
  await takePort(
    { port: options.port, service: 'the demo API', option: 'the option ports.api' },
    () => api.listen({ port: options.port, host: LOOPBACK }),
  )
  return {
    url: `http://${LOOPBACK}:${portOf(api.server)}`,
    setAvailability: gate.set,
    close: () => api.close(),
  }
}
