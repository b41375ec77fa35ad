// Whether the process lives, and whether it can serve: for orchestrators and load balancers.
import { tokenHandler1Server } from '@token-handler/contract'
import type { FastifyPluginCallback } from 'fastify'
import { attempt } from '../../authorization-server/attempt.ts'
import { createMetadataSource } from '../../authorization-server/metadata.ts'
import { createProtocol } from '../../authorization-server/protocol.ts'
import { HEALTH_PATH, READY_PATH } from '../../configuration/health-paths.ts'
import { jsonResponse } from '../../http/json-response.ts'
import type { PluginOptions } from './oauth-agent-plugin.ts'

const ok = () => jsonResponse(200, { status: 'ok' })

/**
 * Serves `/health`, which answers 200 as long as the process does, and `/ready`, which answers 200
 * when the authorization server's metadata is at hand and 503 when it cannot be had.
 */
export const healthPlugin: FastifyPluginCallback<PluginOptions> = (
  instance,
  { configuration, ports },
  done,
) => {
  const { authorizationServer } = configuration
  const protocol = createProtocol(configuration, ports)
  const metadata = createMetadataSource(authorizationServer, protocol, ports.now)

  instance.get(HEALTH_PATH, ok)
  instance.get(READY_PATH, async (request) => {
    const result = await attempt(authorizationServer.timeout, metadata)
    if (result.ok) return ok()
    const { details } = result.failure
    request.log.warn({ details }, 'not ready: no metadata of the authorization server')
    const error = {
      code: 'temporarily_unavailable',
      ...(configuration.exposeErrorDetails && { details }),
    }
    return jsonResponse(503, tokenHandler1Server.encodeError(error))
  })
  done()
}
