// A Fastify server as the handler needs it: its answers to errors, its log, and an orderly end.
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Configuration } from '../../configuration/schema.ts'
import { closeAfterReading } from '../node/close-after-reading.ts'
import { logAnswer } from './answer-log.ts'
import { drainOnClose } from './drain.ts'
import { answerForNode, answerParserError, createErrorAnswers } from './error-answers.ts'
import type { FindReaders } from './error-answers.ts'
import { createFront } from './front.ts'
import type { Front } from './front.ts'

/** What a server is made with. */
export interface HostOptions {
  readonly logger: FastifyBaseLogger
  /** Finds the origins whose pages may read an error answer. */
  readonly findReaders: FindReaders
  readonly server: Pick<Configuration['server'], 'drainFor' | 'keepAliveTimeout' | 'requestTimeout'>
}

/** A server that serves nothing yet. */
export interface Host {
  readonly app: FastifyInstance
  readonly front: Front
}

/** Milliseconds that are read on after an answer to a request that is still arriving. */
const READING_TIME = 10_000

/** Creates a server that serves nothing yet. */
export function createHost({ logger, findReaders, server }: HostOptions): Host {
  const answers = createErrorAnswers(findReaders)
  const front = createFront(answers.failed)
  const app = fastify({
    loggerInstance: logger,
    // Fastify's own lines hold whole URLs; ours are below.
    logController: new LogController({ disableRequestLogging: true }),
    clientErrorHandler: answerParserError,
    frameworkErrors: answers.error,
    genReqId: front.requestId,
    http: {
      // Node would refuse by itself, and not with JSON; the proxy checks it.
      requireHostHeader: false,
      // A request without a body has no use for a stream that is opened, read to its end and closed.
      optimizeEmptyRequests: true,
    },
    keepAliveTimeout: server.keepAliveTimeout * 1000,
    requestTimeout: server.requestTimeout * 1000,
    return503OnClosing: false,
  })
  front.attach(app)
  app.setErrorHandler(answers.error)
  app.setNotFoundHandler(answers.notFound)
  answerForNode(app)
  app.server.on('request', (request) => closeAfterReading(request, READING_TIME))
  drainOnClose(app, front, server.drainFor, answers.closing)
  logAnswers(front, logger)
  return { app, front }
}

/** One line for each answer. */
function logAnswers(front: Front, log: FastifyBaseLogger): void {
  front.onAnswered((exchange) => {
    const { request, response, startedAt } = exchange
    const { headersSent, statusCode, writableFinished } = response
    const status = headersSent ? statusCode : undefined
    const milliseconds = performance.now() - startedAt
    const isComplete = writableFinished
    logAnswer(log, request, { status, milliseconds, isComplete, reqId: front.idOf(exchange) })
  })
}
