// Whether the process lives, and whether it can serve: for orchestrators and load balancers.
import { tokenHandler1Server } from '@token-handler/contract'
import type { FastifyInstance, FastifyPluginCallback } from 'fastify'
import { connectionOf } from '../../oauth-client/connection.ts'
import { HEALTH_PATH, READY_PATH } from '../../configuration/health-paths.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { jsonResponse } from '../../http/json-response.ts'
import type { Ports } from '../../ports.ts'
import { scheduleWithTimers } from '../../schedule.ts'
import type { PluginOptions } from './oauth-agent-plugin.ts'

/** Milliseconds that the store gets: Kubernetes waits for a probe no longer than a second. */
const STORE_DEADLINE = 500

const ok = () => jsonResponse(200, { status: 'ok' })

/**
 * Serves `/health`, which answers 200 as long as the process does, and `/ready`, which answers 200
 * when the metadata of the authorization server is at hand and 503 when it cannot be had. Where instances share
 * a store, the answer says whether it can be used.
 *
 * @example
 * import { readFile } from 'node:fs/promises'
 * import { fastify } from 'fastify'
 * import { parseConfiguration } from '@token-handler/reference-handler'
 * import { createLogger, createNodeFetch, healthPlugin } from '@token-handler/reference-handler/fastify'
 *
 * const configuration = parseConfiguration(JSON.parse(await readFile('token-handler.json', 'utf8')))
 * const ports = { fetch: createNodeFetch(), now: Date.now, log: createLogger('info') }
 * await fastify().register(healthPlugin, { configuration, ports })
 */
export const healthPlugin: FastifyPluginCallback<PluginOptions> = (
  instance,
  { configuration, ports },
  done,
) => {
  serveHealth(instance, [configuration], ports)
  done()
}

/** Serves what {@link healthPlugin} does; for `/ready` every authorization server counts. */
export function serveHealth(
  instance: FastifyInstance,
  configurations: readonly Configuration[],
  ports: Ports,
): void {
  const checks = configurations.map((configuration) => createCheck(configuration, ports))

  // Sessions in the store are out of reach without it; with those in cookies, calls of APIs go on.
  const needsStore = configurations.some(({ session }) => session.store === 'redis')

  const method = ['GET', 'HEAD']
  instance.route({ method, url: HEALTH_PATH, handler: ok })
  instance.route({
    method,
    url: READY_PATH,
    handler: async (request) => {
      const [storeProblem, ...metadata] = await Promise.all([
        checkStore(ports),
        ...checks.map((check) => check()),
      ])
      if (storeProblem !== undefined) {
        request.log.warn(
          { details: storeProblem },
          'the store cannot be used; refreshes wait for it',
        )
      }
      const problems = metadata.flat()
      if (storeProblem !== undefined && needsStore) problems.push(storeProblem)
      const [details] = problems
      if (details === undefined) {
        return jsonResponse(200, { status: 'ok', ...storeState(ports, storeProblem) })
      }
      request.log.warn(
        { details: problems },
        'not ready: no metadata of the authorization server, or no store',
      )
      const isExposed = configurations.every(({ exposeErrorDetails }) => exposeErrorDetails)
      const error = { code: 'temporarily_unavailable', ...(isExposed && { details }) }
      return jsonResponse(503, tokenHandler1Server.encodeError(error))
    },
  })
}

/**
 * What the answer tells of the store. Its outage takes no instance out of service: calls of APIs go on without it,
 * and it is away for all instances at once.
 */
const storeState = ({ store }: Ports, problem: string | undefined) =>
  store === undefined ? {} : { store: problem === undefined ? 'ok' : 'unavailable' }

/** Resolves with what is wrong with the store, if anything is. */
async function checkStore({ store, schedule = scheduleWithTimers }: Ports) {
  if (store === undefined) return undefined
  let cancel = () => {}
  const deadline = new Promise<string>((resolve) => {
    cancel = schedule(STORE_DEADLINE, () => resolve('The store has not answered in time.'))
  })
  return await Promise.race([store.check(), deadline]).finally(() => cancel())
}

/** Resolves with what is wrong, if anything is. */
function createCheck(configuration: Configuration, ports: Ports): () => Promise<string[]> {
  const { request } = connectionOf(configuration, ports)
  return async () => {
    const result = await request(({ metadata }) => metadata)
    return result.ok ? [] : [result.failure.details]
  }
}
