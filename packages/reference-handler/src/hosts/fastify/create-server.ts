// The complete handler on one Fastify server: agent, proxy, health, log, and an orderly end.
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { HEALTH_PATH, READY_PATH } from '../../configuration/health-paths.ts'
import { findRelaxations } from '../../configuration/relaxations.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'
import { createLogger } from '../node/logger.ts'
import { createNodeFetch } from '../node/node-fetch.ts'
import { answerForNode, answerParserError, createErrorAnswers } from './error-answers.ts'
import { healthPlugin } from './health.ts'
import { oauthAgentPlugin } from './oauth-agent-plugin.ts'
import { oauthProxyPlugin } from './oauth-proxy-plugin.ts'

/** Replaces parts of the outside world, for tests. */
export interface ServerOverrides extends Partial<Ports> {
  /** Where the server logs; by default pino on the standard output. */
  readonly logger?: FastifyBaseLogger
}

/** Milliseconds in which a client has to send its whole request: Node's default, which Fastify drops. */
const REQUEST_TIMEOUT = 300_000

/**
 * Creates a server with the OAuth Agent below `agentPath`, the OAuth Proxy on all routes, `/health`
 * and `/ready`. It does not listen yet.
 *
 * @param configuration - from `parseConfiguration`
 * @returns a Fastify instance: `listen` starts it; `close` ends it, giving open requests
 *   `server.drainFor` seconds
 */
export function createServer(
  configuration: Configuration,
  overrides: ServerOverrides = {},
): FastifyInstance {
  const logger = overrides.logger ?? createLogger(configuration.server.logLevel)
  const ports: Ports = {
    fetch: overrides.fetch ?? createNodeFetch(),
    now: overrides.now ?? Date.now,
    log: overrides.log ?? logger,
  }
  const answers = createErrorAnswers(configuration.trustedOrigins)
  const app = fastify({
    loggerInstance: logger,
    // Fastify's own lines hold whole URLs; ours are below.
    logController: new LogController({ disableRequestLogging: true }),
    clientErrorHandler: answerParserError,
    frameworkErrors: answers.error,
    // Node would refuse by itself, and not with JSON; the proxy checks it.
    http: { requireHostHeader: false },
    requestTimeout: REQUEST_TIMEOUT,
    return503OnClosing: false,
  })
  app.setErrorHandler(answers.error)
  app.setNotFoundHandler(answers.notFound)
  answerForNode(app)
  logAnswers(app)
  drainOnClose(app, configuration.server.drainFor)

  const options = { configuration, ports }
  app.register(oauthProxyPlugin, options)
  app.register(oauthAgentPlugin, options)
  app.register(healthPlugin, options)

  for (const relaxation of findRelaxations(configuration)) {
    logger.warn(relaxation, 'the configuration is weaker than its default')
  }
  return app
}

/** One line for each answer, without query, headers and bodies. */
function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ raw, log }, reply) => {
    const [path = ''] = (raw.url ?? '').split(/[?#]/)
    const { headersSent, statusCode, writableFinished } = reply.raw
    const status = headersSent ? statusCode : undefined
    const milliseconds = Math.round(reply.elapsedTime)
    const fields = { method: raw.method, path, status, milliseconds }
    const isProbe = path === HEALTH_PATH || path === READY_PATH
    if (!writableFinished) log.info(fields, 'connection lost before the end of the answer')
    else if (isProbe) log.debug(fields, 'answered')
    else log.info(fields, 'answered')
  })
}

/**
 * Open requests may finish, and their connections end with them instead of waiting for more; what
 * does not finish, such as an event stream, is cut off after a while.
 */
function drainOnClose(app: FastifyInstance, drainFor: number): void {
  let deadline: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    deadline = setTimeout(() => {
      app.server.closeAllConnections()
    }, drainFor * 1000)
  })
  app.addHook('onResponse', async () => {
    if (deadline) setImmediate(() => app.server.closeIdleConnections())
  })
  app.addHook('onClose', async () => {
    clearTimeout(deadline)
  })
}
