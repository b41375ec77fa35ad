// The agent's operations past Fastify: each has one path and one method, and needs no router to be found.
import { endpoints, operations } from '@token-handler/contract'
import type { ServerResponse } from 'node:http'
import type { PlainAgent } from '../../agent/oauth-agent.ts'
import type { PlainAnswer } from '../../http/plain.ts'
import type { ConnectionReader } from '../node/client-connection.ts'
import { readNodeRequest } from '../node/plain-request.ts'
import { isAnswered } from './front.ts'
import type { Exchange, Front } from './front.ts'

/** Who answers, and where. */
interface DirectAgentParts {
  readonly agent: PlainAgent
  /** No route of the proxy overlaps with it. */
  readonly agentPath: string
  readonly readConnection: ConnectionReader
}

/**
 * Has a front ask the agent for its operations. All else below its path, such as preflights and mistakes, is Fastify's, which
 * asks the same agent.
 */
export function serveOperations(front: Front, parts: DirectAgentParts): void {
  const { agent, agentPath, readConnection } = parts

  async function serve(exchange: Exchange): Promise<void> {
    const { request, response } = exchange
    exchange.isAgents = true
    const answer = await agent(readNodeRequest(request), readConnection(request))
    // The end of the server may have answered in its place.
    if (!isAnswered(exchange)) send(response, answer)
  }

  for (const operation of operations) {
    const { method, path } = endpoints[operation]
    front.servePlace(method, agentPath + path, serve)
  }
}

function send(response: ServerResponse, answer: PlainAnswer | Response): void {
  if (answer instanceof Response) throw new Error('An operation is answered with plain data.')
  const { status, headers, setCookies, body } = answer
  const lines: string[] = []
  for (const [name, value] of Object.entries(headers)) lines.push(name, value)
  for (const setCookie of setCookies) lines.push('set-cookie', setCookie)
  if (body !== null) lines.push('content-length', String(Buffer.byteLength(body)))
  response.writeHead(status, lines).end(body)
}
