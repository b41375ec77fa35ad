// Speaks the profile with the OAuth Agent and turns every answer into an outcome; it never rejects.
import type {
  ClientProfile,
  Operation,
  OperationInput,
  OperationResults,
  WireError,
} from '@token-handler/contract'
import { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'

/** What became of a request to the agent. */
export type AgentOutcome<T> =
  | {
      readonly kind: 'success'
      readonly result: T
      /** When the request was sent, in ms: the agent counts its seconds from some moment after it. */
      readonly requestedAt: number
    }
  | {
      readonly kind: 'failure'
      /**
       * `agent_configuration`: a definite no (4xx but 429). `agent_unreachable`: no answer in time, or
       * 429 or 5xx. `contract_violation`: a 2xx whose body is not what the profile says.
       */
      readonly error: TokenHandlerError
      /** Seconds the agent wants to be left alone, if it said so. */
      readonly retryAfter?: number
    }

/** The agent's operations. */
export interface AgentClient {
  readonly call: <O extends Operation>(
    operation: O,
    input?: OperationInput,
  ) => Promise<AgentOutcome<OperationResults[O]>>
}

/** How long an answer is waited for, in milliseconds. */
export const AGENT_TIMEOUT = 15_000

// Their cookies must arrive even when the page has gone by then.
const outlivesPage: ReadonlySet<Operation> = new Set(['endLogin', 'refresh', 'logout'])

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readRetryAfter(headers: Headers): { retryAfter?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return seconds >= 0 ? { retryAfter: seconds } : {}
}

/**
 * Speaks with one agent.
 *
 * @param agentUrl - absolute, without a trailing slash
 */
export function createAgentClient(
  agentUrl: string,
  profile: ClientProfile,
  platform: Platform,
): AgentClient {
  async function send(operation: Operation, input?: OperationInput) {
    const { path, ...request } = profile.encodeRequest(operation, input)
    const response = await platform.fetch(agentUrl + path, {
      ...request,
      credentials: 'include',
      keepalive: outlivesPage.has(operation),
      signal: platform.timeout(AGENT_TIMEOUT),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  async function call<O extends Operation>(
    operation: O,
    input?: OperationInput,
  ): Promise<AgentOutcome<OperationResults[O]>> {
    const requestedAt = platform.now()
    let answer: Awaited<ReturnType<typeof send>>
    try {
      answer = await send(operation, input)
    } catch (cause) {
      return { kind: 'failure', error: noAnswer(operation, cause) }
    }
    const { status, headers, text } = answer
    if (status >= 200 && status < 300) {
      // Refresh and logout may have nothing to say: 204.
      const result = profile.decodeResult(operation, text === '' ? {} : parseJson(text))
      return result === undefined
        ? { kind: 'failure', error: unreadable(operation, status, profile.name) }
        : { kind: 'success', result, requestedAt }
    }
    const error = refused(operation, status, profile.decodeError(parseJson(text)))
    return { kind: 'failure', error, ...readRetryAfter(headers) }
  }

  return { call }
}

function noAnswer(operation: Operation, cause: unknown): TokenHandlerError {
  return new TokenHandlerError(
    'agent_unreachable',
    `No answer to ${operation}. Does the OAuth Agent run at agentUrl, and does it trust this origin?`,
    { operation, retryable: true, cause },
  )
}

function unreadable(operation: Operation, status: number, profile: string): TokenHandlerError {
  return new TokenHandlerError(
    'contract_violation',
    `The answer to ${operation} is not profile ${profile}. Is the OAuth Agent at agentUrl?`,
    { operation, status, retryable: true },
  )
}

function refused(
  operation: Operation,
  status: number,
  wire: WireError | undefined,
): TokenHandlerError {
  const mayPass = status === 429 || status >= 500
  return new TokenHandlerError(
    mayPass ? 'agent_unreachable' : 'agent_configuration',
    `The OAuth Agent refused ${operation}: ${status} ${wire?.code ?? '(no code)'}. Its log says why.`,
    { operation, status, agentCode: wire?.code, details: wire?.details, retryable: mayPass },
  )
}
