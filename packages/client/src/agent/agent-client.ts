// Speaks the profile with the OAuth Agent and turns every answer into an outcome; it never rejects.
import type {
  AgentAnswer,
  AgentRequest,
  ClientProfile,
  Operation,
  OperationInput,
  OperationResults,
} from '@token-handler/contract'
import { isDevelopment } from '../development.ts'
import { TokenHandlerError } from '../errors.ts'
import type { TokenHandlerErrorOptions } from '../errors.ts'
import { parseJson } from '../json.ts'
import { explainNoAnswer, explainRefusal } from './explain-answer.ts'
import { judgeAnswer } from './judge-answer.ts'
import type { AnswerMeaning, AnswerSummary } from './judge-answer.ts'
import type { ClientPlatform } from '../platform/lifetime.ts'
import type { EarlyAnswer } from '../platform/platform.ts'
import { wait } from '../platform/wait.ts'
import type { Tracer } from '../trace.ts'
import { readRetryAfter } from './retry-after.ts'

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
      /** What it means for the session. */
      readonly means: AnswerMeaning
      /**
       * `session_expired`: there is no session any more. `agent_configuration`: another definite no (4xx but 429).
       * `agent_unreachable`: no answer in time, or 429 or 5xx. `contract_violation`: a 2xx whose body is not what the
       * profile says.
       */
      readonly error: TokenHandlerError
      /** Seconds the agent wants to be left alone, if it said so. */
      readonly retryAfter?: number | undefined
    }

/** The agent's operations. */
export interface AgentClient {
  readonly call: <O extends Operation>(
    operation: O,
    input?: OperationInput,
    /** Was sent already: its answer is waited for, and no request sent. */
    early?: EarlyAnswer,
  ) => Promise<AgentOutcome<OperationResults[O]>>
  /**
   * The session that the page has asked for before this client was there, if it is not too old.
   *
   * @param notice - the newest one, as JSON: the session must not have changed since
   */
  readonly takeEarlyAnswer: (notice: string) => EarlyAnswer | undefined
  /** Learns what the headers of a request to an API need, if that is not known yet. Never rejects. */
  readonly prepareApi: (method: string) => Promise<unknown> | undefined
  /** The profile's headers for a request to an API. */
  readonly apiHeaders: (method: string) => Readonly<Record<string, string>>
}

/** How long an answer is waited for, in milliseconds. */
export const AGENT_TIMEOUT = 15_000

// What browsers refuse to send, they refuse at once; a request that was sent fails later. Milliseconds.
const REFUSED_AT_ONCE = 250

// How long a page runs on whose requests with `keepalive` have been ended: others end as soon as it begins to leave.
// Milliseconds.
const PAGE_GOES_WITHIN = 100

// Their cookies must arrive even when the page has gone by then.
const outlivesPage: ReadonlySet<Operation> = new Set(['endLogin', 'refresh', 'logout'])

/** What an answer that is no success comes to, or no answer at all. */
function fail(
  operation: Operation,
  message: string,
  answer: AnswerSummary,
  more: Pick<TokenHandlerErrorOptions, 'details' | 'cause'> = {},
) {
  const { status, code: agentCode, isUnreadable } = answer
  const means = judgeAnswer(operation, answer)
  const retryable = means === 'unavailable'
  const refusal = retryable ? 'agent_unreachable' : 'agent_configuration'
  const settled = means === 'no-session' ? 'session_expired' : refusal
  const errorCode = isUnreadable ? 'contract_violation' : settled
  const members = { operation, status, agentCode, retryable, ...more }
  const error = new TokenHandlerError(errorCode, message, members)
  return { kind: 'failure', means, error } as const
}

/**
 * Speaks with one agent.
 *
 * @param agentUrl - absolute, without a trailing slash
 */
export function createAgentClient(
  agentUrl: string,
  profile: ClientProfile,
  platform: ClientPlatform,
  tracer: Tracer,
): AgentClient {
  // A profile may keep a memory for one client; see decisions/0011.
  const connection = profile.connect?.()

  async function readAnswer(arriving: Promise<Response>): Promise<AgentAnswer> {
    const response = await arriving
    const status = response.type === 'opaqueredirect' ? 302 : response.status
    const text = await response.text()
    // Refresh and logout may have nothing to say, and say so by 204: an empty 200 is not the agent's.
    const body = status === 204 ? {} : parseJson(text)
    return { status, headers: response.headers, body }
  }

  async function fetchAnswer(
    { path, ...request }: AgentRequest,
    keepalive: boolean,
  ): Promise<AgentAnswer> {
    const giveUp = new AbortController()
    const cancel = platform.setTimer(AGENT_TIMEOUT, () =>
      giveUp.abort(
        new DOMException(
          isDevelopment ? 'The agent has not answered in time.' : '',
          'TimeoutError',
        ),
      ),
    )
    try {
      return await readAnswer(
        platform.fetch(agentUrl + path, {
          ...request,
          credentials: 'include',
          // Whatever the agent's headers say: no HTTP cache may answer for it, or keep what it said.
          cache: 'no-store',
          // An agent redirects nothing, and what a gateway's sign-in page says a page may not see.
          redirect: 'manual',
          keepalive,
          signal: giveUp.signal,
        }),
      )
    } finally {
      cancel()
    }
  }

  async function send(operation: Operation, request: AgentRequest): Promise<AgentAnswer> {
    const keepalive = outlivesPage.has(operation)
    const sentAt = platform.monotonicNow()
    try {
      return await fetchAnswer(request, keepalive)
    } catch (error) {
      // The bodies of all keepalive requests of a page share 64 KiB, and a beacon may have used them up.
      const isRefused = platform.monotonicNow() - sentAt < REFUSED_AT_ONCE
      if (!keepalive || !request.body || !isRefused) throw error
      // A page that is reloaded sees the same, for a request that may have arrived. It has no time for this.
      await wait(platform, PAGE_GOES_WITHIN)
      return fetchAnswer(request, false)
    }
  }

  function transmit(operation: Operation, input: OperationInput): Promise<AgentAnswer> {
    return connection
      ? connection.exchange(operation, input, (request) => send(operation, request))
      : send(operation, profile.encodeRequest(operation, input))
  }

  async function ask<O extends Operation>(
    operation: O,
    input: OperationInput | undefined,
    early: EarlyAnswer | undefined,
  ): Promise<AgentOutcome<OperationResults[O]>> {
    const requestedAt = early?.at ?? platform.now()
    let answer: AgentAnswer
    try {
      answer = await (early
        ? readAnswer(early.answer)
        : transmit(operation, { ...input, pageUrl: platform.pageUrl() }))
    } catch (cause) {
      return fail(operation, explainNoAnswer(operation, cause), {}, { cause })
    }
    const { status, headers, body } = answer
    if (status >= 200 && status < 300) {
      const result = profile.decodeResult(operation, body)
      if (result !== undefined) return { kind: 'success', result, requestedAt }
      const message = isDevelopment
        ? `The answer to ${operation} is not profile ${profile.name}. Is the OAuth Agent at agentUrl?`
        : operation
      return fail(operation, message, { status, isUnreadable: true })
    }
    const { code, details } = profile.decodeError(body) ?? {}
    const message = explainRefusal(operation, status, code, details)
    const isUnreadable = status >= 300 && status < 400
    const failure = fail(operation, message, { status, code, isUnreadable }, { details })
    return { ...failure, retryAfter: readRetryAfter(headers, platform.now()) }
  }

  async function call<O extends Operation>(
    operation: O,
    input?: OperationInput,
    early?: EarlyAnswer,
  ): Promise<AgentOutcome<OperationResults[O]>> {
    tracer.takeStep?.({ kind: 'agent-request', operation })
    const answer = await ask(operation, input, early)
    const { code, status } =
      answer.kind === 'success' ? { code: answer.kind, status: 200 } : answer.error
    tracer.takeStep?.({ kind: 'agent-answer', operation, outcome: code, status })
    return answer
  }

  return {
    call,
    takeEarlyAnswer(notice) {
      const early = platform.takeEarlyAnswer(agentUrl)
      const isFresh = early && Math.abs(platform.now() - early.at) < AGENT_TIMEOUT
      return isFresh && early.notice === notice ? early : undefined
    },
    prepareApi: (method) =>
      connection?.prepareApi?.(method, { pageUrl: platform.pageUrl() }, (request) =>
        send('session', request),
      ),
    apiHeaders: (method) => ({ ...profile.headers, ...connection?.apiHeaders(method) }),
  }
}
