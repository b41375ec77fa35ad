// Where an answer of the mock becomes HTTP.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import type { ErrorReply } from '../agent/reply.ts'
import type { MockAnswer, MockProfile } from '../wire/profile.ts'

/** On every answer, as on the agent's. */
const privateHeaders = {
  'cache-control': 'no-store',
  vary: '*',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Turns an answer into a response: JSON, of exactly that content type, or empty; never stored. */
export function toResponse(
  { status, body }: MockAnswer,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { ...privateHeaders, ...headers }
  if (body === undefined) return new Response(null, { status, headers: all })
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': JSON_CONTENT_TYPE, ...all },
  })
}

/** An error in the words of a profile. */
export function errorResponse(
  { encodeError }: Pick<MockProfile, 'encodeError'>,
  { headers, ...error }: ErrorReply,
): Response {
  return toResponse(encodeError(error), headers)
}
