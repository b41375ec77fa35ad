// A Fastify server as the handler needs it: its answers to errors, its log, and an orderly end.
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Configuration } from '../../configuration/schema.ts'
import { logAnswer } from './answer-log.ts'
import { drainOnClose } from './drain.ts'
import { answerForNode, answerParserError, createErrorAnswers } from './error-answers.ts'
import type { FindReaders } from './error-answers.ts'

/** What a server is made with. */
export interface HostOptions {
  readonly logger: FastifyBaseLogger
  /** Finds the origins whose pages may read an error answer. */
  readonly findReaders: FindReaders
  readonly server: Pick<Configuration['server'], 'drainFor' | 'keepAliveTimeout' | 'requestTimeout'>
}

/** Creates a server that serves nothing yet. */
export function createHost({ logger, findReaders, server }: HostOptions): FastifyInstance {
  const answers = createErrorAnswers(findReaders)
  const app = fastify({
    loggerInstance: logger,
    // Fastify's own lines hold whole URLs; ours are below.
    logController: new LogController({ disableRequestLogging: true }),
    clientErrorHandler: answerParserError,
    frameworkErrors: answers.error,
    // Node would refuse by itself, and not with JSON; the proxy checks it.
    http: { requireHostHeader: false },
    keepAliveTimeout: server.keepAliveTimeout * 1000,
    requestTimeout: server.requestTimeout * 1000,
    return503OnClosing: false,
  })
  app.setErrorHandler(answers.error)
  app.setNotFoundHandler(answers.notFound)
  answerForNode(app)
  drainOnClose(app, server.drainFor, answers.closing)
  logAnswers(app)
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

/** One line for each answer. */
function logAnswers(app: FastifyInstance): void {
  onAnswered(app, ({ raw, log }, reply) => {
    const { headersSent, statusCode, writableFinished } = reply.raw
    const status = headersSent ? statusCode : undefined
    const milliseconds = reply.elapsedTime
    logAnswer(log, raw, { status, milliseconds, isComplete: writableFinished })
  })
}
