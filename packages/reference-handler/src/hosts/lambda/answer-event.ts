// From an event to the handler's answer, before its body is read.
import type { Configuration } from '../../configuration/schema.ts'
import { errorPage } from '@token-handler/contract'
import { corsHeaders } from '../../http/cors.ts'
import type { Log } from '../../ports.ts'
import { answerDecision } from '../../proxy/decision.ts'
import type { FetchHandler } from '../fetch/fetch-handler.ts'
import { headersOf } from '../fetch/header-lines.ts'
import type { LambdaContext } from './events.ts'
import { lambdaCodes, TIME_LIMIT, TIME_TO_ANSWER } from './limits.ts'
import type { LambdaCode } from './limits.ts'
import { findLine } from './read-event.ts'
import type { EventRequest } from './read-event.ts'

/** What answers events. */
export interface Answering {
  readonly handle: FetchHandler
  readonly configuration: Configuration
  readonly log: Log
}

/** What becomes of one event. */
export interface EventAnswer {
  /** Rejects with the reason of {@link signal} when time is up before. */
  readonly response: Promise<Response>
  /** Aborted when time is up. */
  readonly signal: AbortSignal
  /** To be called when the answer is complete. */
  readonly done: () => void
}

/** Time is up: AWS would end the invocation, or the gateway would wait no longer. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}

/** Has the handler answer an event. */
export function answerEvent(
  request: EventRequest,
  { handle }: Answering,
  context: LambdaContext,
): EventAnswer {
  const leave = new AbortController()
  const { source } = request
  const left = context.getRemainingTimeInMillis() - TIME_TO_ANSWER
  const isBehindGateway = source === 'http-api' || source === 'rest-api'
  const time = Math.max(0, isBehindGateway ? Math.min(left, TIME_LIMIT) : left)
  const timer = setTimeout(() => leave.abort(new TimeLimitError('Time is up.')), time)
  const { signal } = leave
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
  late.catch(() => {})
  const { connection, headers, target } = request
  const response = Promise.race([
    late,
    Promise.resolve()
      .then(() => toFetchRequest(request, signal))
      .then((fetched) =>
        fetched === undefined ? malformed() : handle(fetched, { connection, headers, target }),
      ),
  ])
  return { response, signal, done: () => clearTimeout(timer) }
}

/** @returns nothing where Fetch has no such request */
function toFetchRequest(request: EventRequest, signal: AbortSignal): Request | undefined {
  const { body, connection, headers, method, target } = request
  const host = findLine(headers, 'host') ?? 'handler.invalid'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  try {
    const init = {
      method,
      headers: headersOf(headers),
      signal,
      ...(hasBody && body !== undefined && { body }),
    }
    return new Request(`${connection.protocol}://${host}${target}`, init)
  } catch {
    return undefined
  }
}

const malformed = (): Response =>
  answerDecision(
    {
      kind: 'refuse',
      code: 'invalid_request',
      reason: 'This is no request for Fetch.',
      headers: {},
    },
    false,
  )

/** Logs that a limit of AWS is met, and makes the answer in its place. */
export function answerBeyond(
  code: LambdaCode,
  { headers, target }: EventRequest,
  { configuration, log }: Answering,
): Response {
  const [path] = target.split('?', 1)
  log.error(
    { code, path, details: lambdaCodes[code], page: errorPage(code) },
    'a limit of AWS is met',
  )
  const { exposeErrorDetails, trustedOrigins } = configuration
  const wire = code === 'lambda_time_limit' ? 'upstream_timeout' : 'upstream_error'
  const cors = corsHeaders(findLine(headers, 'origin'), trustedOrigins)
  const reason = `${code}: ${lambdaCodes[code]}; see ${errorPage(code)}`
  return answerDecision({ kind: 'refuse', code: wire, reason, headers: cors }, exposeErrorDetails)
}
