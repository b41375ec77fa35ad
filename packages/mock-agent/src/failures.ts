// Failures that a test asks for: each replaces the next answers of one operation.
import { JSON_CONTENT_TYPE } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import { errorReply } from './operations.ts'
import { toResponse } from './to-response.ts'

/**
 * What goes wrong.
 *
 * - `'network-error'`: no answer at all; `fetch` rejects.
 * - `'malformed'`: status 200 with JSON that was cut off.
 * - an object: that status. With a `code` it is the agent's own error; without one it is the page of
 *   some gateway in front of the agent, which speaks no JSON. `times`, by default 1, is how many
 *   answers in a row. A 429 and a 503 come with `Retry-After: 1`.
 */
export type Failure =
  | 'network-error'
  | 'malformed'
  | { readonly status: number; readonly code?: string; readonly times?: number }

function failureResponse(failure: Failure): Response {
  if (failure === 'network-error') return Response.error()
  if (failure === 'malformed') {
    return new Response('{"is_logged_in":', { headers: { 'content-type': JSON_CONTENT_TYPE } })
  }
  const { status, code } = failure
  const headers = { 'cache-control': 'no-store', ...retryAfter(status) }
  if (code !== undefined) {
    return toResponse({ ...errorReply(status, code, 'a test asked for this failure'), headers })
  }
  return new Response('<h1>The gateway is unhappy</h1>', {
    status,
    headers: { ...headers, 'content-type': 'text/html' },
  })
}

const retryAfter = (status: number): Record<string, string> =>
  status === 429 || status === 503 ? { 'retry-after': '1' } : {}

/** The failures still to come. */
export interface Failures {
  readonly add: (operation: Operation, failure: Failure) => void
  /** The answer that replaces the operation's own, if one is due; each call uses one up. */
  readonly take: (operation: Operation) => Response | undefined
  readonly clear: () => void
}

/** Starts with no failures. */
export function createFailures(): Failures {
  let due: readonly { readonly operation: Operation; readonly failure: Failure }[] = []
  return {
    add: (operation, failure) => {
      const times = typeof failure === 'string' ? 1 : (failure.times ?? 1)
      due = [...due, ...Array.from({ length: times }, () => ({ operation, failure }))]
    },
    take: (operation) => {
      const next = due.find((entry) => entry.operation === operation)
      if (next === undefined) return undefined
      due = due.filter((entry) => entry !== next)
      return failureResponse(next.failure)
    },
    clear: () => {
      due = []
    },
  }
}
