// The OAuth Proxy as a Fastify plugin.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { createOAuthProxy } from '../../proxy/authorize.ts'
import type { ProxyRequest } from '../../proxy/authorize.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { Forward, Preflight, Refusal } from '../../proxy/decision.ts'
import type { HeaderLines } from '../../proxy/headers.ts'
import { createUpstreamAgent, forward } from '../node/forward.ts'
import type { PluginOptions } from './oauth-agent-plugin.ts'

/**
 * Puts the proxy in front of every route of the server it is registered on: it judges the raw
 * request target before Fastify's router reads it, answers or forwards what belongs to its routes,
 * and leaves the rest alone. Register it on the root instance, and answer `frameworkErrors` there:
 * targets that are no URL never reach a hook.
 */
export const oauthProxyPlugin = fastifyPlugin<PluginOptions>(registerProxy, {
  name: '@token-handler/oauth-proxy',
})

function registerProxy(
  instance: FastifyInstance,
  { configuration, ports }: PluginOptions,
  done: () => void,
): void {
  const proxy = createOAuthProxy(configuration, ports)
  const upstreams = createUpstreamAgent()
  instance.addHook('onClose', async () => {
    await upstreams.destroy()
  })

  function answer(decision: Preflight | Refusal, reply: FastifyReply) {
    return reply.send(answerDecision(decision, configuration.exposeErrorDetails))
  }

  async function forwardRequest(decision: Forward, request: FastifyRequest, reply: FastifyReply) {
    const result = await forward(upstreams, decision, {
      request: request.raw,
      response: reply.raw,
      answerHeaders: (upstream) => proxy.responseHeaders(decision, upstream),
    })
    if (result.kind === 'failed') {
      request.log.warn({ err: result.cause, upstream: decision.origin }, 'the upstream failed')
      return answer(failure(decision, result.code), reply)
    }
    if (result.kind === 'cut-off') {
      request.log.warn({ err: result.cause }, 'the upstream broke off its answer')
    }
    return reply.hijack()
  }

  instance.addHook('onRequest', async (request, reply) => {
    const decision = await proxy.authorize(readRequest(request))
    if (decision.kind === 'forward') return forwardRequest(decision, request, reply)
    if (decision.kind === 'preflight') return answer(decision, reply)
    // No route of ours: it may be one of the server's.
    if (decision.code === 'not_found') return undefined
    request.log.debug({ code: decision.code, reason: decision.reason }, 'request refused')
    return answer(decision, reply)
  })
  done()
}

const reasons = {
  upstream_error: 'The upstream cannot be reached, or its answer is of no use.',
  upstream_timeout: 'The upstream did not answer in time.',
}

const failure = (decision: Forward, code: keyof typeof reasons): Refusal => ({
  kind: 'refuse',
  code,
  reason: reasons[code],
  headers: decision.corsHeaders,
})

function readRequest({ raw }: FastifyRequest): ProxyRequest {
  return {
    method: raw.method ?? 'GET',
    target: raw.url ?? '',
    headers: pairs(raw.rawHeaders),
    connection: {
      address: raw.socket.remoteAddress,
      protocol: 'encrypted' in raw.socket ? 'https' : 'http',
    },
  }
}

/** Node lists names and values in turn. */
function pairs(rawHeaders: readonly string[]): HeaderLines {
  const lines: [string, string][] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    lines.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  }
  return lines
}
