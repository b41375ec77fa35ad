// An answer of agent or proxy, before it becomes HTTP.
import { agentErrorStatus, tokenHandler1Server } from '@token-handler/contract'
import type { AgentErrorCode, Operation, OperationResults } from '@token-handler/contract'

/** Status, JSON body and headers of an answer. */
export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** An error of agent or proxy. A mock always explains itself: it only ever runs on a developer's machine. */
export function errorReply(status: number, code: string, details: string): Reply {
  return { status, body: tokenHandler1Server.encodeError({ code, details }) }
}

/** An error of the agent, with the status its code has. */
export function agentError(code: AgentErrorCode, details: string): Reply {
  return errorReply(agentErrorStatus[code], code, details)
}

/** The answer of an operation that succeeded. */
export function success<O extends Operation>(operation: O, result: OperationResults[O]): Reply {
  return { status: 200, body: tokenHandler1Server.encodeResult(operation, result) }
}
