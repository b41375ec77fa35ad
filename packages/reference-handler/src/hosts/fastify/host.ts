// A Fastify server as the handler needs it: its answers to errors, its log, and an orderly end.
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HEALTH_PATH, READY_PATH } from '../../configuration/health-paths.ts'
import type { Configuration } from '../../configuration/schema.ts'
import { answerForNode, answerParserError, createErrorAnswers } from './error-answers.ts'

/** What a server is made with. */
export interface HostOptions {
  readonly logger: FastifyBaseLogger
  /** Whose pages may read error answers. */
  readonly trustedOrigins: readonly string[]
  readonly server: Pick<Configuration['server'], 'drainFor'>
}

/** Milliseconds in which a client has to send its whole request: Node's default, which Fastify drops. */
const REQUEST_TIMEOUT = 300_000

/** Creates a server that serves nothing yet. */
export function createHost({ logger, trustedOrigins, server }: HostOptions): FastifyInstance {
  const answers = createErrorAnswers(trustedOrigins)
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
  drainOnClose(app, server.drainFor)
  return app
}

/**
 * Runs an action at the end of each answer, complete or not. Fastify's own `onResponse` does not run
 * for a connection that the client has closed.
 */
export function onAnswered(
  app: FastifyInstance,
  action: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => action(request, reply))
    done()
  })
}

/** One line for each answer, without query, headers and bodies. */
function logAnswers(app: FastifyInstance): void {
  onAnswered(app, ({ raw, log }, reply) => {
    const [path = ''] = (raw.url ?? '').split(/[?#]/, 1)
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
  onAnswered(app, () => {
    if (deadline) setImmediate(() => app.server.closeIdleConnections())
  })
  app.addHook('onClose', async () => {
    clearTimeout(deadline)
  })
}
