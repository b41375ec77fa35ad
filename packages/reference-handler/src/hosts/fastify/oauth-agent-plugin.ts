// The OAuth Agent as a Fastify plugin.
import type { FastifyPluginCallback } from 'fastify'
import { createOAuthAgent } from '../../agent/oauth-agent.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { toFetchRequest } from '../node/fetch-request.ts'

/** What both plugins need. */
export interface PluginOptions {
  readonly configuration: Configuration
  readonly ports: Ports
}

/** Fetch has no word for it (Fetch section 2.2.1), so the agent cannot refuse it itself. */
const isExpressible = (method: string) => method !== 'TRACE'

/** Serves the agent's operations below `configuration.agentPath`. */
export const oauthAgentPlugin: FastifyPluginCallback<PluginOptions> = (
  instance,
  { configuration, ports },
  done,
) => {
  const agent = createOAuthAgent(configuration, ports)
  // The agent reads bodies itself, within its own limits.
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null)
  })
  instance.route({
    method: instance.supportedMethods.filter(isExpressible),
    url: `${configuration.agentPath}/*`,
    handler: async (request) => await agent(toFetchRequest(request.raw)),
  })
  done()
}
