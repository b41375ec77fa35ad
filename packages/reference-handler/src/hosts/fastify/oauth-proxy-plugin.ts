// The OAuth Proxy as a Fastify plugin.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { IncomingMessage } from 'node:http'
import { nameSetting } from '../../configuration/describe-mistakes.ts'
import { variables } from '../../configuration/environment-variables.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { UNTRUSTED_PREFLIGHT } from '../../http/cors.ts'
import { createOAuthProxy } from '../../proxy/oauth-proxy.ts'
import type { OAuthProxy, ProxyRequest } from '../../proxy/oauth-proxy.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { Preflight, ProxyDecision, Refusal } from '../../proxy/decision.ts'
import type { Ports } from '../../ports.ts'
import { watchAnswers } from '../node/answer-order.ts'
import { createConnectionReader } from '../node/client-connection.ts'
import { createUpstreams } from '../node/upstreams.ts'
import { logRefusal } from './answer-log.ts'
import { requireTlsFiles } from './check-tls-files.ts'
import { serveForwardAuth } from './forward-auth-server.ts'
import { createForwarder } from './forwarder.ts'
import { isAnswered } from './front.ts'
import type { Exchange, Front } from './front.ts'
import type { PluginOptions } from './oauth-agent-plugin.ts'
import { serveWebSockets } from './web-sockets.ts'

/** What of a configuration concerns the server that forwards. */
export type ForwardingOptions = Pick<Configuration, 'exposeErrorDetails' | 'routes'> & {
  readonly server: Pick<
    Configuration['server'],
    'maxWebSockets' | 'traceContext' | 'trustedProxies' | 'upstreamConnectionAge'
  >
}

/**
 * Puts the proxy in front of every route of the server it is registered on: it judges the raw
 * request target before Fastify's router reads it, answers or forwards what belongs to its routes,
 * and leaves the rest alone. Register it on the root instance, and answer `frameworkErrors` there:
 * targets that are no URL never reach a hook.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { fastify } from 'fastify'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch, oauthProxyPlugin } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * await fastify().register(oauthProxyPlugin, { configuration, ports })
 */
export const oauthProxyPlugin: FastifyPluginCallback<PluginOptions> = createProxyPlugin()

/**
 * Creates the plugin.
 *
 * @param front - of the server, where it has one
 */
export function createProxyPlugin(front?: Front): FastifyPluginCallback<PluginOptions> {
  return fastifyPlugin<PluginOptions>(
    (instance, { configuration, ports }, done) => {
      const proxy = createOAuthProxy(configuration, ports)
      serveProxy(instance, proxy, configuration, ports, front)
      serveForwardAuth(instance, proxy, configuration)
      const configured = configuration.routes.map(({ tls }, index) => ({
        tls,
        setting: nameSetting(['routes', index, 'tls'], variables),
      }))
      requireTlsFiles(instance, configured)
      done()
    },
    { name: '@token-handler/oauth-proxy' },
  )
}

/**
 * Has a server do what a proxy decides. With a front, what is forwarded never reaches Fastify; everything else does, and
 * is answered by it as without one.
 */
export function serveProxy(
  instance: FastifyInstance,
  proxy: OAuthProxy,
  { exposeErrorDetails, routes, server }: ForwardingOptions,
  { log, now, schedule, trace }: Pick<Ports, 'log' | 'now' | 'schedule' | 'trace'>,
  front?: Front,
): void {
  watchAnswers(instance.server)
  const readConnection = createConnectionReader(server.trustedProxies)
  const upstreams = createUpstreams({ maxAge: server.upstreamConnectionAge, now, log })
  instance.addHook('onClose', async () => {
    await upstreams.destroy()
  })

  const readRequest = (request: IncomingMessage): ProxyRequest => ({
    method: request.method ?? 'GET',
    target: request.url ?? '',
    headers: request.rawHeaders,
    connection: readConnection(request),
  })

  function answer(decision: Preflight | Refusal, reply: FastifyReply) {
    return reply.send(answerDecision(decision, exposeErrorDetails))
  }

  const forwardRequest = createForwarder({
    proxy,
    upstreams,
    trace,
    goesOn: server.traceContext === 'forward',
  })

  /** What became of requests that Fastify has been handed; rejected where it failed. */
  const served = new WeakMap<IncomingMessage, Promise<ProxyDecision | undefined>>()

  instance.addHook('onRequest', async (request, reply) => {
    const { log, raw } = request
    const decision = (await served.get(raw)) ?? (await proxy.authorize(readRequest(raw)))
    switch (decision.kind) {
      case 'forward': {
        const refusal = await forwardRequest(decision, raw, reply.raw, () => log)
        if (refusal === undefined) return reply.hijack()
        logRefusal(log, refusal)
        return answer(refusal, reply)
      }
      case 'preflight':
        if (decision.headers['access-control-allow-origin'] === undefined) {
          log.info({ origin: request.headers.origin }, UNTRUSTED_PREFLIGHT)
        }
        return answer(decision, reply)
      case 'refuse':
        // No route of ours: it may be one of the server's.
        if (decision.code === 'not_found') return undefined
        logRefusal(log, decision)
        return answer(decision, reply)
      case 'tunnel':
        throw new Error('A request that asks for an upgrade comes with an event of its own.')
    }
  })

  /** Forwards a request, or resolves with what Fastify has to answer. */
  async function serveDirectly(
    exchange: Exchange,
    front: Front,
  ): Promise<ProxyDecision | undefined> {
    const { request, response } = exchange
    const decision = await proxy.authorize(readRequest(request))
    return decision.kind === 'forward'
      ? await forwardRequest(decision, request, response, () =>
          instance.log.child({ reqId: front.idOf(exchange) }),
        )
      : decision
  }

  front?.serveWith((exchange, handOver) => {
    const serving = serveDirectly(exchange, front)
    const handOverServed = () => {
      served.set(exchange.request, serving)
      handOver()
    }
    serving.then(
      (decision) => {
        // The end of the server may have answered while the decision was made.
        if (decision !== undefined && !isAnswered(exchange)) handOverServed()
      },
      (error: unknown) => {
        // Fastify answers with the error. Nothing is tried again: the API may have been asked already.
        if (!isAnswered(exchange)) return handOverServed()
        instance.log.error({ reqId: front.idOf(exchange), err: error }, 'unexpected error')
      },
    )
  })

  if (routes.some(({ webSocket }) => webSocket)) {
    const { maxWebSockets } = server
    const timing = { now, schedule }
    const limits = { maxWebSockets, exposeErrorDetails }
    serveWebSockets(instance, { proxy, upstreams, readRequest, ...timing, ...limits })
  }
}
