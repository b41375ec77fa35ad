// The agent's operations over HTTP: guards, disturbances, cookies, log.
import { VERSION_HEADER, endpoints } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { OperationContext } from './agent/context.ts'
import { noCookies } from './agent/cookies.ts'
import type { CookieChange } from './agent/cookies.ts'
import { runOperation } from './agent/operations.ts'
import { agentError } from './agent/reply.ts'
import type { CallLog } from './controls/call-log.ts'
import type { Clock } from './controls/clock.ts'
import type { Disturbances } from './controls/disturbances.ts'
import { failureResponse } from './controls/failures.ts'
import type { CookieStore } from './http/cookie-store.ts'
import { answerPreflight } from './http/cors.ts'
import { readCall } from './http/read-call.ts'
import type { AcceptedCall } from './http/read-call.ts'
import { toResponse } from './http/to-response.ts'
import type { Memory } from './memory.ts'
import type { Settings } from './options.ts'
import type { MockUsers } from './users.ts'

/** The parts of one mock. */
export interface Parts<U extends MockUsers> {
  readonly settings: Settings
  readonly users: U
  readonly memory: Memory<U>
  readonly cookieStore: CookieStore<U>
  readonly clock: Clock
  readonly disturbances: Disturbances
  readonly log: CallLog
}

/** What an operation answers before its cookies are in the browser. */
interface Answer<U extends MockUsers> {
  readonly response: Response
  readonly changes: readonly CookieChange<U>[]
}

/** Builds what answers the requests below the agent's URL. */
export function createAgentServer<U extends MockUsers>(
  parts: Parts<U>,
): (request: Request, operation: Operation | undefined) => Promise<Response> {
  const { settings, memory, cookieStore, clock, disturbances, log } = parts

  const run = (request: Request, { operation, parameters }: AcceptedCall): Answer<U> => {
    const { servers } = memory.read()
    const found = cookieStore.read(memory.read(), request)
    // A planted cookie must not keep anybody from signing out.
    if (found === 'duplicate' && operation !== 'logout') {
      const reply = agentError('invalid_request', 'two cookies have the same name')
      return { response: toResponse(reply), changes: [] }
    }
    const cookies = found === 'duplicate' ? noCookies<U>() : found
    const context: OperationContext = { ...settings, now: clock.now() }
    const outcome = runOperation[operation]({ state: servers, cookies, parameters }, context)
    memory.update((state) => ({ ...state, servers: outcome.state }))
    return { response: toResponse(outcome.reply), changes: outcome.changes }
  }

  /** An answer's cookies take effect when it reaches the browser. */
  const deliver = (request: Request, { response, changes }: Answer<U>): Response => {
    const { state, setCookies } = cookieStore.write(memory.read(), request, changes)
    memory.update(() => state)
    for (const setCookie of setCookies) response.headers.append('set-cookie', setCookie)
    return response
  }

  const perform = async (request: Request, call: AcceptedCall): Promise<Response> => {
    const { failure, wait } = disturbances.take(call.operation)
    if (failure !== undefined) {
      if (failure === 'answer-lost') run(request, call)
      await wait()
      return failureResponse(failure)
    }
    const answer = run(request, call)
    await wait()
    return deliver(request, answer)
  }

  return async (request, operation) => {
    if (operation !== undefined && request.method === 'OPTIONS') {
      const { method } = endpoints[operation]
      const allowance = { method, headers: [VERSION_HEADER, 'content-type'] }
      return answerPreflight(request, settings.origin, allowance)
    }
    const call = await readCall(request, operation, settings)
    if (operation === undefined) log.addUnexpected(request)
    const parameters = call.kind === 'accepted' ? Object.fromEntries(call.parameters) : {}
    const end = operation === undefined ? undefined : log.begin({ operation, parameters })
    const response =
      call.kind === 'accepted' ? await perform(request, call) : toResponse(call.reply)
    end?.(response.status)
    return response
  }
}
