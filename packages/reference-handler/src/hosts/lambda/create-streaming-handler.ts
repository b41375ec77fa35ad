// Agent and proxy as a function of AWS Lambda whose answers are streamed: function URLs with RESPONSE_STREAM.
import { Readable } from 'node:stream'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { serverError } from '../fetch/fetch-handler.ts'
import { answerBeyond, answerEvent, TimeLimitError } from './answer-event.ts'
import { createAnswering } from './create-lambda-handler.ts'
import type { LambdaOptions } from './create-instance.ts'
import type { HttpEvent, LambdaContext } from './events.ts'
import { readEvent } from './read-event.ts'
import { singleHeaders } from './write-answer.ts'

/** What Lambda's runtime has for functions that stream. */
interface LambdaRuntime {
  readonly streamifyResponse: (handler: StreamingHandler) => StreamingHandler
  readonly HttpResponseStream: {
    readonly from: (
      stream: Writable,
      head: {
        readonly statusCode: number
        readonly headers: Readonly<Record<string, string>>
        readonly cookies: readonly string[]
      },
    ) => Writable
  }
}

/** A function that writes its answer to a stream. */
export type StreamingHandler = (
  event: HttpEvent,
  stream: Writable,
  context: LambdaContext,
) => Promise<void>

/**
 * Creates a function that serves the OAuth Agent and the OAuth Proxy by a function URL with the invoke mode
 * `RESPONSE_STREAM`: event streams are live, and answers may be larger than 6 MB. It is configured by environment
 * variables, by the same names as `token-handler serve`.
 *
 * @param options - see {@link LambdaOptions}; every option has a default
 * @throws {Error} outside of Lambda's runtime
 *
 * @example
 * import { createStreamingHandler } from '@token-handler/reference-handler/lambda'
 *
 * export const handler = createStreamingHandler()
 *
 * @see {@link https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html Response streaming}
 */
export function createStreamingHandler(options: LambdaOptions = {}): StreamingHandler {
  const runtime = findRuntime()
  const answering = createAnswering(options)
  return runtime.streamifyResponse(async (event, stream, context) => {
    const request = readEvent(event)
    const ready = await answering
    const begin = ({ status, headers }: Response) =>
      runtime.HttpResponseStream.from(stream, {
        statusCode: status,
        headers: singleHeaders(headers),
        cookies: headers.getSetCookie(),
      })
    if (ready === undefined) return await send(serverError(), begin)
    const { response, signal, done } = answerEvent(request, ready, context)
    let head: Response
    try {
      head = await response
    } catch (error) {
      done()
      if (!(error instanceof TimeLimitError)) throw error
      return await send(answerBeyond('lambda_time_limit', request, ready), begin)
    }
    try {
      await send(head, begin, signal)
    } catch (error) {
      // The head is sent: that something is missing, only a broken connection tells.
      if (signal.aborted) answerBeyond('lambda_time_limit', request, ready)
      else ready.log.warn({ err: error }, 'the answer broke off')
    } finally {
      done()
    }
  })
}

async function send(
  response: Response,
  begin: (response: Response) => Writable,
  signal?: AbortSignal,
): Promise<void> {
  const out = begin(response)
  // The head goes with the first write, and an answer may have no body, or none for long.
  out.write('')
  if (response.body === null) {
    out.end()
    return
  }
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
  await pipeline(body, out, signal === undefined ? {} : { signal })
}

function findRuntime(): LambdaRuntime {
  const { awslambda } = globalThis as { awslambda?: LambdaRuntime }
  if (awslambda !== undefined) return awslambda
  throw new Error(
    'createStreamingHandler needs the global awslambda of Lambda’s runtime for Node; use createLambdaHandler elsewhere.',
  )
}
