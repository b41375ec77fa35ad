// The log of a stand-alone handler: pino, told what it must never write.
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'

/** Names under which a careless caller might pass something confidential. */
const confidential = ['authorization', 'cookie', 'headers', 'set-cookie', 'body', 'rawPacket']

/**
 * Of an error only what helps to find its cause. Other members may hold requests, answers or raw
 * packets, and with them cookies and tokens.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error
  const { name, message, stack } = error
  return { name, message, stack, ...('code' in error && { code: error.code }) }
}

/**
 * Creates the log.
 *
 * @param level - the least severe level that is written
 * @param destination - by default the standard output
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = confidential.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
  const options = {
    level,
    redact: { paths, censor: '[redacted]' },
    serializers: { err: serializeError, error: serializeError, cause: serializeError },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
