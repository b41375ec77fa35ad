// The log of a stand-alone handler: pino, told what it must never write.
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

/** Names under which a careless caller might pass something confidential. */
const confidential = new Set([
  'authorization',
  'cookie',
  'headers',
  'set-cookie',
  'body',
  'rawPacket',
])

/** Levels of objects that are searched for such names. */
const DEPTH = 3

/**
 * Of an error only what helps to find its cause. Other members may hold requests, answers or raw
 * packets, and with them cookies and tokens.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack } = error
  return { name, message, stack, ...('code' in error && { code: error.code }) }
}

/** The fields without what is confidential. pino's own redaction takes ten times as long for each line. */
function censor(fields: object, depth = DEPTH): Record<string, unknown> {
  const censored: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (confidential.has(name)) censored[name] = '[redacted]'
    else if (value instanceof Error) censored[name] = serializeError(value)
    else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      censored[name] = value
    } else censored[name] = depth > 1 ? censor(value, depth - 1) : '[object]'
  }
  return censored
}

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

/** What is thrown need not be an error, and may be anything confidential. */
const onlyErrors = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? value : typeof value
