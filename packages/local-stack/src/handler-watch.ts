// Noticing what the handler is asked and what it gives away: for tests and the demo, never in the handler itself.
import { endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'

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
  const calls = new Map<symbol, AgentCall>()

  // Not by Fastify's hooks: what the agent answers past Fastify reaches none of them.
  server.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request
    const [target = ''] = url.split('?')
    if (!target.startsWith(`${agentPath}/`)) return
    const path = target.slice(agentPath.length)
    const call = { method, path, operation: findOperation(method, path), status: undefined }
    const key = Symbol(path)
    calls.set(key, call)
    response.once('finish', () => {
      if (calls.has(key)) calls.set(key, { ...call, status: response.statusCode })
    })
    watchCookies(response, onSecret)
  })

  return {
    agentCalls: () => [...calls.values()],
    resetAgentCalls: () => calls.clear(),
  }
}

/** Calls a function with the value of every cookie that the head of an answer sets. */
function watchCookies(response: ServerResponse, onValue: (value: string) => void): void {
  const writeHead: unknown = Reflect.get(response, 'writeHead')
  if (typeof writeHead !== 'function') return
  response.writeHead = (...input: readonly unknown[]) => {
    // Those of Fetch's responses with a body have been set one by one.
    const before = [response.getHeader('set-cookie') ?? []].flat().map(String)
    for (const cookie of [...before, ...setCookiesOf(input.at(-1))]) {
      const [, value = ''] = /^[^=]+=([^;]*)/.exec(cookie) ?? []
      if (value !== '') onValue(value)
    }
    return Reflect.apply(writeHead, response, input)
  }
}

/** @param headers - names and values in turn, or an object of them */
function setCookiesOf(headers: unknown): readonly string[] {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) {
    return [Object(headers)['set-cookie'] ?? []].flat().map(String)
  }
  return headers.filter((_value, index) => index % 2 === 1 && headers[index - 1] === 'set-cookie')
}
