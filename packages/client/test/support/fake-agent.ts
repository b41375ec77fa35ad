// An OAuth Agent and an API that answer what the test says, and remember what they were asked.
import { endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { Fetch } from '../../src/platform/platform.ts'

export const AGENT_URL = 'https://api.example.com/oauth-agent'
export const API_URL = 'https://api.example.com/api'
export const ORDERS = `${API_URL}/orders`

/** A status with a JSON body (or text as it is), or an error for `fetch` to reject with. */
export type Answer =
  | {
      readonly status?: number
      readonly json?: unknown
      readonly text?: string
      readonly headers?: Record<string, string>
    }
  | Error

export type Answerer = Answer | ((request: Request) => Answer | Promise<Answer>)

/** One request that arrived. */
export interface ReceivedCall {
  /** Absent for requests that are not for the agent. */
  readonly operation?: Operation
  readonly request: Request
  readonly body: string
  readonly keepalive: boolean
}

export interface FakeAgent {
  readonly fetch: Fetch
  /** What an operation answers from now on. */
  readonly answer: (operation: Operation, answerer: Answerer) => void
  /** What anything that is not the agent answers from now on. */
  readonly answerApi: (answerer: Answerer) => void
  readonly calls: (operation: Operation) => readonly ReceivedCall[]
  readonly apiCalls: () => readonly ReceivedCall[]
  readonly allCalls: () => readonly ReceivedCall[]
}

export const networkError = new TypeError('Failed to fetch')

/** What an API behind the proxy answers to an expired access token. */
export const unauthorized = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
}

export const signedIn = {
  json: { is_logged_in: true, id_token_claims: { sub: 'alice' }, access_token_expires_in: 300 },
}
export const signedOut = { json: { is_logged_in: false } }

const operationOf = (url: string) =>
  operations.find((operation) => url === AGENT_URL + endpoints[operation].path)

function toResponse(answer: Answer): Response {
  if (answer instanceof Error) throw answer
  const { status = 200, json, text, headers = {} } = answer
  const body = text ?? (json === undefined ? null : JSON.stringify(json))
  return new Response(body, { status, headers })
}

/** Rejects when the signal aborts first, as the network does. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
    }),
  ])
}

/** By default nobody is signed in, everything else succeeds and the API says `ok`. */
export function createFakeAgent(): FakeAgent {
  const received: ReceivedCall[] = []
  const answerers: Record<Operation, Answerer> = {
    session: signedOut,
    startLogin: { json: { authorization_url: 'https://login.example.net/authorize?state=s1' } },
    endLogin: signedIn,
    refresh: { json: { access_token_expires_in: 300 } },
    logout: { json: {} },
  }
  let apiAnswerer: Answerer = { json: 'ok' }

  async function answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init)
    const operation = operationOf(request.url)
    const body = await request.clone().text()
    const keepalive = init?.keepalive ?? false
    received.push({ ...(operation && { operation }), request, body, keepalive })
    const answerer = operation === undefined ? apiAnswerer : answerers[operation]
    return toResponse(typeof answerer === 'function' ? await answerer(request) : answerer)
  }

  return {
    fetch(input, init) {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
      return signal ? untilAborted(answer(input, init), signal) : answer(input, init)
    },
    answer(operation, answerer) {
      answerers[operation] = answerer
    },
    answerApi(answerer) {
      apiAnswerer = answerer
    },
    calls: (operation) => received.filter((call) => call.operation === operation),
    apiCalls: () => received.filter((call) => call.operation === undefined),
    allCalls: () => received,
  }
}

/** The API refuses every request until the next refresh. */
export function expireAccessToken(agent: FakeAgent): void {
  let isRefreshed = false
  agent.answer('refresh', () => {
    isRefreshed = true
    return { json: { access_token_expires_in: 300 } }
  })
  agent.answerApi(() => (isRefreshed ? { json: 'ok' } : unauthorized))
}
