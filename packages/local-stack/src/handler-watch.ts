// Noticing what the handler is asked and what it gives away: for tests and the demo, never in the handler itself.
import { endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { FastifyInstance } from 'fastify'

/** A request that reached the agent. */
export interface AgentCall {
  readonly method: string
  /** Below the agent's path, without the query. */
  readonly path: string
  /** What was asked; `undefined` for preflights and for what the agent does not know. */
  readonly operation: Operation | undefined
  /** `undefined` until the agent has answered. */
  readonly status: number | undefined
}

/** What a handler was asked. */
export interface HandlerWatch {
  /** In the order of their arrival. */
  readonly agentCalls: () => readonly AgentCall[]
  readonly resetAgentCalls: () => void
}

const findOperation = (method: string, path: string): Operation | undefined =>
  operations.find((name) => endpoints[name].method === method && endpoints[name].path === path)

/**
 * Watches a handler's server; to be called before it listens.
 *
 * @param server - agent and proxy
 * @param agentPath - the agent's operations live below it
 * @param onSecret - called with the value of every cookie that is set
 */
export function watchHandler(
  server: FastifyInstance,
  agentPath: string,
  onSecret: (value: string) => void,
): HandlerWatch {
  const calls = new Map<string, AgentCall>()

  server.addHook('onRequest', async ({ id, method, url }) => {
    const [target = ''] = url.split('?')
    if (!target.startsWith(`${agentPath}/`)) return
    const path = target.slice(agentPath.length)
    const operation = findOperation(method, path)
    calls.set(id, { method, path, operation, status: undefined })
  })
  server.addHook('onSend', async (_request, reply, payload) => {
    // Of what is answered with a Fetch response, Fastify copies the headers after this hook.
    const cookies =
      payload instanceof Response ? payload.headers.getSetCookie() : reply.getHeader('set-cookie')
    for (const cookie of [cookies ?? []].flat()) {
      const [, value = ''] = /^[^=]+=([^;]*)/.exec(String(cookie)) ?? []
      if (value !== '') onSecret(value)
    }
  })
  server.addHook('onResponse', async ({ id }, { statusCode: status }) => {
    const call = calls.get(id)
    if (call !== undefined) calls.set(id, { ...call, status })
  })

  return {
    agentCalls: () => [...calls.values()],
    resetAgentCalls: () => calls.clear(),
  }
}
