// What a wire profile is: data plus encode and decode functions, one half for each side.
import type { Operation } from '../endpoints.ts'
import type { WireError } from '../error.ts'
import type { OperationResults } from '../results.ts'

/** What a client passes to an operation. */
export interface OperationInput {
  /** Extra authorization or refresh parameters, or the callback's parameters for `endLogin`. */
  readonly parameters?: URLSearchParams
}

/** An HTTP request to the agent, still without the agent's URL. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST'
  /** Appended to the agent's URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The browser's half of a profile. Decoders return `undefined` for a body that breaks the contract. */
export interface ClientProfile {
  readonly name: string
  /** Sent with every request to agent and APIs. */
  readonly headers: Readonly<Record<string, string>>
  readonly encodeRequest: (operation: Operation, input?: OperationInput) => AgentRequest
  readonly decodeResult: <O extends Operation>(
    operation: O,
    body: unknown,
  ) => OperationResults[O] | undefined
  readonly decodeError: (body: unknown) => WireError | undefined
}

/** The server's half of a profile. */
export interface ServerProfile {
  readonly name: string
  readonly encodeResult: <O extends Operation>(
    operation: O,
    result: OperationResults[O],
  ) => Record<string, unknown>
  readonly encodeError: (error: WireError) => Record<string, unknown>
}
