// The log of a stand-alone handler: pino, told what it must never write.
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { censor, onlyErrors } from '../log-fields.ts'

/**
 * Creates the log.
 *
 * @param level - the least severe level that is written
 * @param destination - by default the standard output
 *
 * @example
 * import { createLogger } from '@token-handler/reference-handler/fastify'
 *
 * createLogger('info').info({ port: 3000 }, 'listening')
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    formatters: { log: (fields: object) => censor(fields) },
    serializers: { err: onlyErrors, error: onlyErrors, cause: onlyErrors },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
