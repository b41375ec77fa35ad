// What a failure of the agent is called: what was seen, and where to look.
import type { Operation } from '@token-handler/contract'
import { isDevelopment } from '../development.ts'

/** Whether the agent has been waited for in vain. */
export const isTimeoutError = (cause: unknown): boolean =>
  cause instanceof Error && cause.name === 'TimeoutError'

/** Without an answer. */
export function explainNoAnswer(operation: Operation, cause: unknown): string {
  if (!isDevelopment) return ''
  const isTimeout = isTimeoutError(cause)
  return isTimeout
    ? `No answer to ${operation} in time. Is the OAuth Agent, or its authorization server, overloaded?`
    : `No answer to ${operation}. Does the OAuth Agent run at agentUrl, and trust this origin?`
}

/**
 * With an answer that is no success.
 *
 * @param code - the agent's own; absent when the answer is not the agent's
 * @param details - only of an agent that exposes them
 */
export function explainRefusal(
  operation: Operation,
  status: number,
  code: string | undefined,
  details: string | undefined,
): string {
  if (!isDevelopment) return `${operation}: ${status} ${code ?? ''}`.trim()
  if (code !== undefined) {
    const why = details === undefined ? 'Its log says why.' : details
    return `The OAuth Agent answered ${operation} with ${status} ${code}. ${why}`
  }
  const who =
    status >= 300 && status < 400
      ? 'a redirect: something in front of it, a sign-in page for instance, wants to be seen first.'
      : status === 404
        ? '404: is the OAuth Agent at agentUrl?'
        : `${status}, not by the OAuth Agent: look at what stands in front of it.`
  return `The answer to ${operation} is ${who}`
}
