// Decisions for a gateway that forwards requests itself, on a port of their own.
import type { FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Configuration } from '../../configuration/schema.ts'
import { createForwardAuth } from '../../forward-auth/forward-auth.ts'
import type { OAuthProxy } from '../../proxy/oauth-proxy.ts'
import { createAddressCheck } from '../node/address-list.ts'
import { createConnectionReader } from '../node/client-connection.ts'
import { answerAndClose } from '../node/raw-answer.ts'
import { takePort } from '../node/take-port.ts'
import { logRefusal } from './answer-log.ts'

/** What of a configuration concerns decisions for gateways. */
export type ForwardAuthSettings = Pick<Configuration, 'exposeErrorDetails'> & {
  readonly server: Pick<
    Configuration['server'],
    'forwardAuth' | 'forwardAuthPort' | 'host' | 'keepAliveTimeout' | 'trustedProxies'
  >
}

/** A browser's request may have 16 KB of headers, and gateways add theirs. */
const MAX_HEADER_SIZE = 20_480

/**
 * Answers the gateway of `server.forwardAuth` at `server.forwardAuthPort` as soon as a server is ready; without such a
 * gateway, does nothing. The port is apart from the one that pages reach, because an answer holds an access token;
 * and only addresses of `server.trustedProxies` get one.
 */
export function serveForwardAuth(
  app: FastifyInstance,
  proxy: OAuthProxy,
  { exposeErrorDetails, server: settings }: ForwardAuthSettings,
): void {
  const { forwardAuth: gateway, forwardAuthPort: port, host, trustedProxies } = settings
  if (gateway === undefined) return
  const decide = createForwardAuth(proxy, { gateway, exposeErrorDetails })
  const isGateway = createAddressCheck(trustedProxies)
  const readConnection = createConnectionReader(trustedProxies)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { remoteAddress } = request.socket
    request.resume()
    if (!isGateway(remoteAddress)) {
      app.log.warn({ address: remoteAddress }, 'server.trustedProxies does not list who asks')
      response.writeHead(403, { connection: 'close' }).end()
      return
    }
    const { method = 'GET', url: target = '', rawHeaders: headers } = request
    const connection = readConnection(request)
    const {
      status,
      headers: own,
      body,
      refusal,
    } = await decide.authorize({ method, target, headers, connection })
    if (refusal !== undefined) logRefusal(app.log, refusal)
    response.writeHead(status, own).end(body)
  }

  const options = {
    maxHeaderSize: MAX_HEADER_SIZE,
    keepAliveTimeout: settings.keepAliveTimeout * 1000,
    requireHostHeader: false,
  }
  const server = createServer(options, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      app.log.error({ err: error }, 'unexpected error')
      response.destroy()
    })
  })
  // What Node cannot parse, a gateway has let pass: it gets a refusal that it understands.
  server.on('clientError', (_error, socket) => {
    const { status, headers, body } = decide.malformed
    if (socket.writable) answerAndClose(socket, status, Object.entries(headers).flat(), body)
    else socket.destroy()
  })
  app.addHook('onReady', async () => {
    const option = 'server.forwardAuthPort or TOKEN_HANDLER_FORWARD_AUTH_PORT'
    await takePort({ port, service: 'forward authentication', option }, () =>
      once(server.listen(port, host), 'listening'),
    )
    app.log.info({ address: server.address(), gateway }, 'serving forward authentication')
  })
  app.addHook('onClose', async () => {
    server.close()
    server.closeIdleConnections()
  })
}
