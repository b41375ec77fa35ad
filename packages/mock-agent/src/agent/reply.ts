// An answer of agent or proxy, before a profile puts it on the wire.
import { agentErrorStatus } from '@token-handler/contract'
import type { AgentErrorCode, Operation, OperationResults } from '@token-handler/contract'
import type { MockError } from '../wire/profile.ts'

/** An error of agent or proxy. A mock always explains itself: it only ever runs on a developer's machine. */
export interface ErrorReply extends MockError {
  readonly kind: 'error'
  readonly headers?: Readonly<Record<string, string>>
}

/** What came of an operation. */
export interface ResultReply {
  readonly kind: 'result'
  readonly operation: Operation
  readonly result: OperationResults[Operation]
}

/** What an operation answers. */
export type Reply = ErrorReply | ResultReply

/** An error of the agent, with any status. */
export function errorReply(status: number, code: string, details: string): ErrorReply {
  return { kind: 'error', by: 'agent', status, code, details }
}

/** An error of the agent, with the status its code has. */
export function agentError(code: AgentErrorCode, details: string): ErrorReply {
  return errorReply(agentErrorStatus[code], code, details)
}

/** The answer of an operation that succeeded. */
export function success<O extends Operation>(
  operation: O,
  result: OperationResults[O],
): ResultReply {
  return { kind: 'result', operation, result }
}
