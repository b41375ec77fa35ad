// The agent's operations over HTTP: guards, scripted answers, cookies, log.
import type { OperationContext } from './agent/context.ts'
import { applyChange, noCookies } from './agent/cookies.ts'
import type { CookieChange, Cookies, SessionCookie } from './agent/cookies.ts'
import { csrfTokenOf } from './agent/csrf-token.ts'
import { runOperation } from './agent/operations.ts'
import { agentError } from './agent/reply.ts'
import { timeLeft } from './authorization-server/state.ts'
import type { CallLog } from './controls/call-log.ts'
import type { Clock } from './controls/clock.ts'
import { explainKeptResponse } from './controls/kept-response.ts'
import type { ScriptedAnswers } from './controls/scripted-answers.ts'
import { failureResponse } from './controls/failure-response.ts'
import type { CookieStore } from './http/cookie-store.ts'
import { answerPreflight } from './http/cors.ts'
import { readCall } from './http/read-call.ts'
import type { OperationCall } from './http/read-call.ts'
import { errorResponse, toResponse } from './http/to-response.ts'
import type { StateStore } from './state-store.ts'
import type { Settings } from './options.ts'
import type { MockUsers } from './users.ts'
import type { MockCaller } from './wire/profile.ts'

/** The parts of one mock. */
export interface MockParts<U extends MockUsers> {
  readonly settings: Settings
  readonly users: U
  readonly stateStore: StateStore<U>
  readonly cookieStore: CookieStore<U>
  readonly clock: Clock
  readonly scriptedAnswers: ScriptedAnswers
  readonly log: CallLog
}

/** What an operation answers before its cookies are in the browser. */
interface OperationAnswer<U extends MockUsers> {
  readonly response: Response
  readonly changes: readonly CookieChange<U>[]
}

/** Builds what answers the requests below the agent's URL. */
export function createAgentServer<U extends MockUsers>(
  parts: MockParts<U>,
): (request: Request, path: string, pageUrl: string | undefined) => Promise<Response> {
  const { settings, stateStore, cookieStore, clock, scriptedAnswers, log } = parts
  const { profile } = settings

  const cookiesOf = (request: Request): Cookies<U> => {
    const found = cookieStore.read(stateStore.read(), request)
    return found === 'duplicate' ? noCookies() : found
  }

  const describeCaller = ({ claims, accessToken }: SessionCookie<U>): MockCaller => {
    const { authorizationServer } = stateStore.read().servers
    const isGood = timeLeft(authorizationServer, accessToken, clock.now()) > 0
    return { claims, accessToken: isGood ? 'good' : 'expired' }
  }

  const run = (request: Request, { operation, parameters }: OperationCall): OperationAnswer<U> => {
    const { servers } = stateStore.read()
    const found = cookieStore.read(stateStore.read(), request)
    // A planted cookie must not prevent a sign-out.
    if (found === 'duplicate' && operation !== 'logout') {
      const reply = agentError('invalid_request', 'two cookies have the same name')
      return { response: errorResponse(profile, reply), changes: [] }
    }
    const cookies = found === 'duplicate' ? noCookies<U>() : found
    const context: OperationContext = { ...settings, now: clock.now() }
    const outcome = runOperation[operation]({ state: servers, cookies, parameters }, context)
    stateStore.update((state) => ({ ...state, servers: outcome.state }))
    const { changes, reply } = outcome
    if (reply.kind === 'error') return { response: errorResponse(profile, reply), changes }
    const { session } = changes.reduce(applyChange<U>, cookies)
    const csrfToken = csrfTokenOf(session?.accessToken)
    const answer = profile.encodeResult(reply.operation, reply.result, csrfToken)
    return { response: toResponse(answer), changes }
  }

  /** An answer's cookies take effect when it reaches the browser. */
  const deliver = (request: Request, { response, changes }: OperationAnswer<U>): Response => {
    const { state, setCookies } = cookieStore.write(stateStore.read(), request, changes)
    stateStore.update(() => state)
    for (const setCookie of setCookies) response.headers.append('set-cookie', setCookie)
    return response
  }

  const perform = async (request: Request, call: OperationCall): Promise<Response> => {
    const { failure, wait } = scriptedAnswers.take(call.operation)
    if (failure !== undefined) {
      if (failure === 'answer-lost') run(request, call)
      await wait()
      return failureResponse(failure, profile)
    }
    const answer = run(request, call)
    await wait()
    return deliver(request, answer)
  }

  return async (request, path, pageUrl) => {
    const endpoint = profile.endpointAt(path)
    if (endpoint !== undefined && request.method === 'OPTIONS') {
      const { method } = endpoint
      const allowance = { method, headers: [...profile.requestHeaders, 'content-type'] }
      return answerPreflight(request, settings.origin, allowance)
    }
    const { session, logins } = cookiesOf(request)
    const call = await readCall(request, endpoint, settings, csrfTokenOf(session?.accessToken))
    if (call.kind === 'question') {
      return toResponse(call.answer(session && describeCaller(session)))
    }
    if (endpoint === undefined) log.addUnexpected(request)
    const asked =
      call.kind === 'operation'
        ? { operation: call.operation, parameters: Object.fromEntries(call.parameters) }
        : endpoint?.operation && { operation: endpoint.operation, parameters: {} }
    const end = asked && log.begin(asked)
    if (asked?.operation === 'session') {
      const { authorizationServer } = stateStore.read().servers
      const mistake = explainKeptResponse(pageUrl, authorizationServer, logins, settings)
      if (mistake !== undefined) log.addMistake(mistake)
    }
    const response =
      call.kind === 'operation' ? await perform(request, call) : errorResponse(profile, call.reply)
    end?.(response.status)
    return response
  }
}
