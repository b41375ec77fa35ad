// What AWS lets a function answer, and what an answer beyond that becomes.
import type { EventSource } from './events.ts'

/** What is logged when a limit of AWS is met; docs/errors has a page for each. */
export const lambdaCodes = {
  lambda_answer_too_large: 'the answer has more bytes than AWS hands on',
  lambda_answer_cut: 'the API broke off its answer',
  lambda_headers_too_large: 'the headers of the answer have more bytes than AWS hands on',
  lambda_multi_value_headers: 'the load balancer hands on one line of each header alone',
  lambda_no_store: 'concurrent invocations are separate processes, and share nothing',
  lambda_time_limit: 'AWS would have ended the invocation before the API answered',
} as const

/** A limit of AWS. */
export type LambdaCode = keyof typeof lambdaCodes

/** What an answer may be. */
export interface AnswerLimits {
  /** Bytes of all header lines, or `Infinity` where AWS says nothing about it. */
  readonly headers: number
  /** Bytes of the answer as JSON, whose body may be base64. */
  readonly body: number
}

const MEGABYTE = 1_048_576

/** Room for what is around the body in JSON. */
const FRAME = 16_384

/**
 * By what has sent the event.
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html Lambda quotas}
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html API Gateway quotas}
 */
export const answerLimits: Readonly<Record<EventSource, AnswerLimits>> = {
  'http-api': { headers: 10_240, body: 6 * MEGABYTE - FRAME },
  'rest-api': { headers: 10_240, body: 6 * MEGABYTE - FRAME },
  'function-url': { headers: Infinity, body: 6 * MEGABYTE - FRAME },
  'load-balancer': { headers: Infinity, body: MEGABYTE - FRAME },
}

/** Milliseconds that API Gateway waits for a function, less what it takes to answer instead. */
export const TIME_LIMIT = 28_000

/** Milliseconds before the end of an invocation at which it is answered, whatever it waits for. */
export const TIME_TO_ANSWER = 500
