// The OAuth Agent as a Fastify plugin.
import type { FastifyInstance, FastifyPluginCallback, FastifyReply } from 'fastify'
import { createPlainAgent } from '../../agent/oauth-agent.ts'
import type { PlainAgent } from '../../agent/oauth-agent.ts'
import { nameSetting } from '../../configuration/describe-mistakes.ts'
import { variables } from '../../configuration/environment-variables.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { PlainAnswer } from '../../http/plain.ts'
import type { Ports } from '../../ports.ts'
import { createConnectionReader } from '../node/client-connection.ts'
import type { ConnectionReader } from '../node/client-connection.ts'
import { readNodeRequest } from '../node/plain-request.ts'
import { requireClientKeys } from './check-signing-keys.ts'
import { serveOperations } from './direct-agent.ts'
import type { Front } from './front.ts'

/** What both plugins need. */
export interface PluginOptions {
  readonly configuration: Configuration
  readonly ports: Ports
}

/** Fetch has no word for it (Fetch section 2.2.1), so the agent cannot refuse it itself. */
const isExpressible = (method: string) => method !== 'TRACE'

/**
 * Serves the agent's operations below `configuration.agentPath`.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { fastify } from 'fastify'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch, oauthAgentPlugin } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * await fastify().register(oauthAgentPlugin, { configuration, ports })
 */
export const oauthAgentPlugin: FastifyPluginCallback<PluginOptions> = createAgentPlugin()

/**
 * Creates the plugin.
 *
 * @param front - of the server, where it has one
 */
export function createAgentPlugin(front?: Front): FastifyPluginCallback<PluginOptions> {
  return function oauthAgent(instance, { configuration, ports }, done) {
    const { agentPath } = configuration
    const readConnection = createConnectionReader(configuration.server.trustedProxies)
    const agent = createPlainAgent(configuration, ports)
    serveAgent(instance, agent, [agentPath], readConnection)
    if (front) serveOperations(front, { agent, agentPath, readConnection })
    requireClientKeys(instance, [{ configuration, nameOf: (path) => nameSetting(path, variables) }])
    done()
  }
}

/** The URL of an agent's route, as Fastify names it. */
export const agentRoute = (agentPath: string): string => `${agentPath}/*`

/**
 * Has a server ask an agent below some paths. The agent reads bodies itself, within its own limits, so
 * the instance is good for nothing else.
 */
export function serveAgent(
  instance: FastifyInstance,
  agent: PlainAgent,
  paths: readonly string[],
  readConnection: ConnectionReader,
): void {
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null)
  })
  for (const path of paths) {
    instance.route({
      method: instance.supportedMethods.filter(isExpressible),
      url: agentRoute(path),
      handler: ({ raw }, reply) => {
        agent(readNodeRequest(raw), readConnection(raw))
          .then((answer) => send(reply, answer))
          .catch((error: unknown) => void reply.send(error))
      },
    })
  }
}

const asItIs = (body: unknown): string => String(body)

function send(reply: FastifyReply, answer: PlainAnswer | Response): void {
  // The end of the server has answered in its place.
  if (reply.sent) return
  if (answer instanceof Response) return void reply.send(answer)
  const { status, headers, setCookies, body } = answer
  reply.code(status).headers(headers)
  if (setCookies.length > 0) reply.header('set-cookie', setCookies)
  if (body === null) return void reply.send()
  // Without a serializer, Fastify adds a charset to the content type. Text leaves in one piece with its head, bytes in two.
  void reply.serializer(asItIs).send(body)
}
