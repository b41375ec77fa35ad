// What the log says of answers: never a query, a header or a body.
import type { FastifyBaseLogger } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { isHealthPath } from '../../configuration/health-paths.ts'
import { ENDED_SESSIONS_PATH } from '../../gateway/gateway-paths.ts'
import type { Refusal } from '../../proxy/decision.ts'

/** How a request was answered. */
export interface AnswerRecord {
  /** `undefined` when no head of an answer was sent. */
  readonly status: number | undefined
  readonly milliseconds: number
  /** Whether all of the answer was sent. */
  readonly isComplete: boolean
  /** Names the request in all its lines. */
  readonly reqId?: string
}

/** The path of a request as it was sent. */
export const pathOf = ({ url = '' }: IncomingMessage): string => url.split(/[?#]/, 1)[0] ?? ''

/** Writes the one line of an answer. */
export function logAnswer(
  log: FastifyBaseLogger,
  request: IncomingMessage,
  { status, milliseconds, isComplete, reqId }: AnswerRecord,
): void {
  const path = pathOf(request)
  const fields = {
    ...(reqId && { reqId }),
    method: request.method,
    path,
    status,
    milliseconds: Math.round(milliseconds),
  }
  const isFeed = status === 200 && path.endsWith(ENDED_SESSIONS_PATH)
  const isProbe = isHealthPath(path) || isFeed
  if (!isComplete) log.info(fields, 'connection lost before the end of the answer')
  else if (isProbe) log.debug(fields, 'answered')
  else log.info(fields, 'answered')
}

/** Writes why the proxy refused a request. */
export function logRefusal(log: FastifyBaseLogger, { code, reason }: Refusal): void {
  const level = code === 'temporarily_unavailable' ? 'warn' : 'debug'
  log[level]({ code, reason }, 'request refused')
}
