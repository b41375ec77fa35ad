// How a mock speaks: what requests mean, whom it trusts, and what its answers look like on the wire.
import type { Claims, Operation, OperationResults } from '@token-handler/contract'

/** An answer on the wire; without a body it is an empty one. */
export interface MockAnswer {
  readonly status: number
  readonly body?: Readonly<Record<string, unknown>>
}

/** An error of agent or proxy, before it is on the wire. */
export interface MockError {
  readonly by: 'agent' | 'proxy'
  readonly status: number
  readonly code: string
  readonly details: string
}

/** Whose session a request comes with. */
export interface MockCaller {
  readonly claims: Claims
  readonly accessToken: 'good' | 'expired'
}

/** What a request to the agent asks for. */
export type MockDemand =
  | {
      readonly kind: 'operation'
      readonly operation: Operation
      readonly parameters: URLSearchParams
    }
  /** Something about the session that is none of the five operations, and changes nothing. */
  | {
      readonly kind: 'question'
      readonly answer: (caller: MockCaller | undefined) => MockAnswer
    }
  | { readonly kind: 'malformed'; readonly details: string }

/** A path of the agent. */
export interface MockEndpoint {
  readonly method: 'GET' | 'POST'
  /** What a request is logged as that was refused before its body was read; `undefined`: not at all. */
  readonly operation: Operation | undefined
  /** Reads a body, which has the profile's content type, or is empty. */
  readonly decode: (body: string) => MockDemand
}

/**
 * The mock's half of a wire profile: pure functions around a state machine that is the same for all. A
 * CSRF token belongs to one sign-in; whether it is asked for is the profile's affair.
 */
export interface MockProfile {
  readonly name: string
  /** Content type of the bodies that the agent takes. */
  readonly contentType: string
  /** Headers that the SPA may send to the agent besides `content-type`, for preflights. */
  readonly requestHeaders: readonly string[]
  /** What is at a path below the agent's URL, if anything. */
  readonly endpointAt: (path: string) => MockEndpoint | undefined
  /**
   * Says why a request is not trusted, or `undefined` when it is. Its origin is; the mock has looked.
   *
   * @param csrfToken - of the session that comes with the request
   */
  readonly distrust: (
    request: Request,
    to: MockEndpoint | 'api',
    csrfToken: string | undefined,
  ) => string | undefined
  /** @param csrfToken - of the session that there is after the operation */
  readonly encodeResult: <O extends Operation>(
    operation: O,
    result: OperationResults[O],
    csrfToken: string | undefined,
  ) => MockAnswer
  readonly encodeError: (error: MockError) => MockAnswer
}
