// What an operation decided, as data; the agent turns it into HTTP in one place (`oauth-agent.ts`).
import { agentErrorStatus } from '@token-handler/contract'
import type { AgentErrorCode, Operation, OperationResults } from '@token-handler/contract'
import type { AuthorizationServerFailure } from '../oauth-client/classify-failure.ts'
import type { SetCookie } from '../http/cookies.ts'

/** An error answer. */
export interface AgentFailure {
  readonly status: number
  readonly code: string
  /** What happened and what to do, for logs and developers; holds nothing confidential. */
  readonly details: string
  readonly cause?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The decision to answer with an error. Cookies that are not named stay as they are. */
export interface FailedDecision {
  readonly kind: 'failure'
  readonly failure: AgentFailure
  readonly cookies: readonly SetCookie[]
}

/** The decision of an operation: a result or a failure, and in both cases which cookies change. */
export type AgentDecision<Result> =
  | {
      readonly kind: 'success'
      readonly result: Result
      readonly cookies: readonly SetCookie[]
      readonly headers?: Readonly<Record<string, string>>
    }
  | FailedDecision

/** The outcome of one of the agent's operations. */
export type OperationDecision<O extends Operation> = AgentDecision<OperationResults[O]>

/** A successful outcome. */
export function succeed<Result>(
  result: Result,
  cookies: readonly SetCookie[] = [],
  headers: Readonly<Record<string, string>> = {},
): AgentDecision<Result> {
  return { kind: 'success', result, cookies, headers }
}

/** A failed outcome. */
export function fail(failure: AgentFailure, cookies: readonly SetCookie[] = []): FailedDecision {
  return { kind: 'failure', failure, cookies }
}

/** A failure with a code of the agent itself. */
export function agentFailure(code: AgentErrorCode, details: string, cause?: unknown): AgentFailure {
  return { status: agentErrorStatus[code], code, details, cause }
}

const translations = {
  unavailable: 'authorization_server_error',
  refused: 'authorization_error',
  invalid_response: 'invalid_request',
} as const

/**
 * What a failure of the authorization server is called on our wire. A front-channel error keeps its
 * code, but never gets the status that the same word has among ours.
 */
export function translateFailure(failure: AuthorizationServerFailure): AgentFailure {
  const { details, cause } = failure
  if (failure.kind === 'unavailable' && isRetryAfter(failure.retryAfter)) {
    const headers = { 'retry-after': failure.retryAfter }
    return { ...agentFailure(translations.unavailable, details, cause), headers }
  }
  if (failure.kind !== 'denied') return agentFailure(translations[failure.kind], details, cause)
  if (failure.error === 'login_required') return agentFailure('login_required', details, cause)
  return { status: 400, code: failure.error, details, cause }
}

/**
 * Whether a `Retry-After` can be handed on: seconds, or an HTTP date.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 RFC 9110 section 10.2.3}
 */
const isRetryAfter = (value: string | undefined): value is string =>
  value !== undefined &&
  /^(?:\d{1,9}|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT)$/.test(value)
