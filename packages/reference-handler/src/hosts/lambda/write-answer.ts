// Answers in the forms that AWS reads.
import { isUtf8 } from 'node:buffer'
import type { EventSource, LambdaAnswer } from './events.ts'
import { answerLimits } from './limits.ts'
import type { LambdaCode } from './limits.ts'

/** An answer, or the limit that it is beyond. */
export type WrittenAnswer =
  | { readonly kind: 'written'; readonly answer: LambdaAnswer }
  | { readonly kind: 'beyond'; readonly code: LambdaCode }

/** What is text to all readers; all else goes as base64, and what is encoded too. */
const TEXT = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-www-form-urlencoded))/i

/**
 * Writes an answer. Cookies stay apart: in `cookies` or in `multiValueHeaders`, as the source reads it.
 *
 * @param isMultiValue - of the request: a load balancer takes several lines of one name only where it sends them
 */
export function writeAnswer(
  response: Response,
  bytes: Uint8Array,
  { source, isMultiValue }: { readonly source: EventSource; readonly isMultiValue: boolean },
): WrittenAnswer {
  const { headers: own, status } = response
  const cookies = own.getSetCookie()
  if (cookies.length > 1 && !isMultiValue) {
    return { kind: 'beyond', code: 'lambda_multi_value_headers' }
  }
  const headers = singleHeaders(own)
  const limits = answerLimits[source]
  const lines = [...Object.entries(headers), ...cookies.map((cookie) => ['set-cookie', cookie])]
  const size = lines.reduce(
    (sum, [name = '', value = '']) => sum + name.length + value.length + 4,
    0,
  )
  if (size > limits.headers) return { kind: 'beyond', code: 'lambda_headers_too_large' }

  const type = own.get('content-type') ?? 'text/'
  const isText = !own.has('content-encoding') && TEXT.test(type) && isUtf8(bytes)
  const body = Buffer.from(bytes).toString(isText ? 'utf8' : 'base64')
  // Quotes and control characters take more bytes in JSON.
  const length = isText ? Buffer.byteLength(JSON.stringify(body)) : body.length
  if (length > limits.body) return { kind: 'beyond', code: 'lambda_answer_too_large' }
  return {
    kind: 'written',
    answer: {
      statusCode: status,
      ...headersFor(source, isMultiValue, headers, cookies),
      body,
      isBase64Encoded: !isText,
    },
  }
}

/** Headers but for cookies: Fetch has joined lines of one name. */
export function singleHeaders(headers: Headers): Record<string, string> {
  const single: Record<string, string> = {}
  for (const [name, value] of headers) {
    // AWS frames answers anew.
    if (name !== 'set-cookie' && name !== 'transfer-encoding' && name !== 'connection') {
      single[name] = value
    }
  }
  return single
}

function headersFor(
  source: EventSource,
  isMultiValue: boolean,
  headers: Readonly<Record<string, string>>,
  cookies: readonly string[],
): Partial<LambdaAnswer> {
  if (source === 'http-api' || source === 'function-url') return { headers, cookies }
  if (!isMultiValue) {
    const [cookie] = cookies
    return { headers: { ...headers, ...(cookie !== undefined && { 'set-cookie': cookie }) } }
  }
  const several: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(headers)) several[name] = [value]
  if (cookies.length > 0) several['set-cookie'] = cookies
  return { multiValueHeaders: several }
}
