// The responses of failures that a test has scripted.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import { errorReply } from '../agent/reply.ts'
import { errorResponse } from '../http/to-response.ts'
import type { MockProfile } from '../wire/profile.ts'

/**
 * What goes wrong.
 *
 * - `'network-error'`: the request does not arrive; `fetch` rejects.
 * - `'answer-lost'`: the request arrives and takes effect, its answer and cookies do not come back;
 *   `fetch` rejects.
 * - `'malformed'`: status 200 with JSON that was cut off.
 * - an object: that status. With a `code` it is the agent's own error; without one it is the page of
 *   some gateway in front of the agent, which speaks no JSON. A 429 and a 503 come with
 *   `Retry-After: 1`.
 */
export type MockFailure =
  | 'network-error'
  | 'answer-lost'
  | 'malformed'
  | { readonly status: number; readonly code?: string | undefined }

const retryAfter = (status: number): Record<string, string> =>
  status === 429 || status === 503 ? { 'retry-after': '1' } : {}

/** What the page gets to see of a failure. */
export function failureResponse(failure: MockFailure, profile: MockProfile): Response {
  if (failure === 'network-error' || failure === 'answer-lost') return Response.error()
  if (failure === 'malformed') {
    return new Response('{"', { headers: { 'content-type': JSON_CONTENT_TYPE } })
  }
  const { status, code } = failure
  const headers = { 'cache-control': 'no-store', ...retryAfter(status) }
  if (code !== undefined) {
    const reply = errorReply(status, code, 'a test asked for this failure')
    return errorResponse(profile, { ...reply, headers })
  }
  return new Response('<h1>The gateway is unhappy</h1>', {
    status,
    headers: { ...headers, 'content-type': 'text/html' },
  })
}
