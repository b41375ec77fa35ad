// Agent and proxy as a function of AWS Lambda, with buffered answers: API Gateway, load balancers, function URLs.
import { createFetchHandler, serverError } from '../fetch/fetch-handler.ts'
import { requireWhatFetchCan } from '../fetch/fetch-rules.ts'
import { answerBeyond, answerEvent } from './answer-event.ts'
import type { Answering } from './answer-event.ts'
import { createInstance } from './create-instance.ts'
import type { LambdaOptions } from './create-instance.ts'
import type { HttpEvent, LambdaAnswer, LambdaContext } from './events.ts'
import { answerLimits } from './limits.ts'
import type { LambdaCode } from './limits.ts'
import { readEvent } from './read-event.ts'
import type { EventRequest } from './read-event.ts'
import { writeAnswer } from './write-answer.ts'

/** A function that answers HTTP events. Never rejects for what a client sends. */
export type LambdaHandler = (event: HttpEvent, context: LambdaContext) => Promise<LambdaAnswer>

/**
 * Creates a function that serves the OAuth Agent and the OAuth Proxy, for HTTP APIs (payload format 2.0), REST APIs,
 * Application Load Balancers and function URLs without streaming. It is configured by environment variables, by the
 * same names as `token-handler serve`.
 *
 * Answers are read whole: event streams never end, so they are cut by 504 when time is up.
 *
 * @param options - see {@link LambdaOptions}; every option has a default
 *
 * @example
 * import { createLambdaHandler } from '@token-handler/reference-handler/lambda'
 *
 * export const handler = createLambdaHandler({ settings: { agentPath: '/auth' } })
 *
 * @see {@link https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html Payload formats}
 */
export function createLambdaHandler(options: LambdaOptions = {}): LambdaHandler {
  // Begun at once: AWS gives a start more processor than an invocation.
  const answering = createAnswering(options)
  return async (event, context) => {
    const request = readEvent(event)
    const ready = await answering
    if (ready === undefined) return await write(serverError(), request)
    const { response, signal, done } = answerEvent(request, ready, context)
    try {
      const answer = await response
      const bytes = await readBody(answer, answerLimits[request.source].body)
      if (bytes === undefined) return await beyond('lambda_answer_too_large', request, ready)
      const written = writeAnswer(answer, bytes, request)
      if (written.kind === 'written') return written.answer
      return await beyond(written.code, request, ready)
    } catch (error) {
      if (signal.aborted) return await beyond('lambda_time_limit', request, ready)
      ready.log.warn({ err: error }, 'the upstream broke off its answer')
      return await beyond('lambda_answer_cut', request, ready)
    } finally {
      done()
    }
  }
}

/** The handler and what it needs, or nothing where the configuration is wrong. */
export async function createAnswering(options: LambdaOptions): Promise<Answering | undefined> {
  const instance = await createInstance(options, { refreshes: true })
  if (instance === undefined) return undefined
  const { configuration, ports } = instance
  try {
    requireWhatFetchCan(configuration, ports, false)
    return { handle: createFetchHandler(configuration, ports), configuration, log: ports.log }
  } catch (error) {
    ports.log.error({ err: error }, 'the configuration cannot be had here')
    return undefined
  }
}

const beyond = (
  code: LambdaCode,
  request: EventRequest,
  answering: Answering,
): Promise<LambdaAnswer> => write(answerBeyond(code, request, answering), request)

/** Writes an answer of ours, which is small and sets no cookie. */
async function write(response: Response, request: EventRequest): Promise<LambdaAnswer> {
  const written = writeAnswer(response, new Uint8Array(await response.arrayBuffer()), request)
  if (written.kind === 'beyond') throw new Error(`An answer of ours is ${written.code}.`)
  return written.answer
}

/** Reads a body; resolves with nothing when it has more bytes than this. */
async function readBody({ body }: Response, limit: number): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    chunks.push(value)
    size += value.length
    if (size > limit) {
      await reader.cancel()
      return undefined
    }
  }
}
