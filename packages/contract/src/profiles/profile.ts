// What a wire profile is: data plus encode and decode functions, one half for each side; see decisions/0004.
import type { Operation } from '../endpoints.ts'
import type { WireError } from '../error.ts'
import type { OperationResults } from '../results.ts'

/** What a client passes to an operation. */
export interface OperationInput {
  /** Extra authorization or refresh parameters, or the callback's parameters for `endLogin`. */
  readonly parameters?: URLSearchParams
  /** The URL of the page; of a callback it is without the authorization response. */
  readonly pageUrl?: string
}

/** An HTTP request to the agent, still without the agent's URL. */
export interface AgentRequest {
  readonly method: 'GET' | 'POST'
  /** Appended to the agent's URL. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** The agent's answer to one request. */
export interface AgentAnswer {
  readonly status: number
  readonly headers: Headers
  /** The JSON of the body: `{}` for a 204, `undefined` for a body that is not JSON. */
  readonly body: unknown
}

/** A profile in use by one client: what it remembers lives here. */
export interface ProfileConnection {
  /**
   * Carries out an operation with as many requests as it takes.
   *
   * @param send - sends one request, with credentials and a time-out; rejects as `fetch` does
   * @returns the answer that counts, for `decodeResult` or `decodeError` to read
   */
  readonly exchange: (
    operation: Operation,
    input: OperationInput,
    send: (request: AgentRequest) => Promise<AgentAnswer>,
  ) => Promise<AgentAnswer>
  /**
   * Asks the agent for what the headers of such a request need, unless it is known. Never rejects: then the
   * request goes out without.
   *
   * @param send - as of `exchange`
   */
  readonly prepareApi?: (
    method: string,
    input: OperationInput,
    send: (request: AgentRequest) => Promise<AgentAnswer>,
  ) => Promise<unknown> | undefined
  /** Headers of a request to an API, besides the profile's own. Asked again when it is sent again. */
  readonly apiHeaders: (method: string) => Readonly<Record<string, string>>
}

/**
 * The browser's half of a profile. Decoders get what `JSON.parse` made of the body (`{}` for a
 * 204), and return `undefined` when it breaks the contract.
 */
export interface ClientProfile {
  readonly name: string
  /** Sent with every request to agent and APIs. */
  readonly headers: Readonly<Record<string, string>>
  /** The request for an operation. */
  readonly encodeRequest: (operation: Operation, input?: OperationInput) => AgentRequest
  /** Reads the body of a 2xx. */
  readonly decodeResult: <O extends Operation>(
    operation: O,
    body: unknown,
  ) => OperationResults[O] | undefined
  /** Reads the body of anything else. */
  readonly decodeError: (body: unknown) => WireError | undefined
  /**
   * Called once per client, by profiles that need a memory, or several requests for one operation.
   * Without it an operation is the one request that `encodeRequest` makes.
   */
  readonly connect?: () => ProfileConnection
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
