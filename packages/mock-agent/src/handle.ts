// Request → Response: routes to the agent's operations and to the protected resources.
import type { Operation } from '@token-handler/contract'
import type { Failures } from './failures.ts'
import { clearCookies } from './mock-state.ts'
import type { MockState } from './mock-state.ts'
import { runOperation } from './operations.ts'
import type { Settings } from './options.ts'
import { forward, matches } from './protect.ts'
import type { ApiResolver } from './protect.ts'
import { operationAt, readCall } from './read-call.ts'
import type { AcceptedCall } from './read-call.ts'
import { carriesCookies } from './request-guards.ts'
import { toResponse } from './to-response.ts'
import type { MockUsers } from './users.ts'

/** One call that the agent saw, refused ones included. */
export interface MockCall {
  readonly operation: Operation
  /** The form it came with. */
  readonly parameters: Readonly<Record<string, string>>
  /** Status of the answer; 0 for a network error. */
  readonly status: number
}

/** An API behind the mock's proxy. */
export interface ProtectedResource<U extends MockUsers> {
  readonly pattern: string
  readonly resolver: ApiResolver<U>
}

/** Everything about a mock that changes. */
export interface MockMemory<U extends MockUsers> {
  state: MockState<U>
  /** Latest last. */
  calls: readonly MockCall[]
  /** Latest first, and the first match answers. */
  resources: readonly ProtectedResource<U>[]
}

/** What a URL means to a mock. */
type Target<U extends MockUsers> =
  | { readonly kind: 'agent'; readonly operation: Operation | undefined }
  | { readonly kind: 'api'; readonly resource: ProtectedResource<U> }
  | undefined

/** A mock's two questions: is this URL mine, and what do I answer? */
export interface Handler {
  readonly handles: (request: Request) => boolean
  readonly handle: (request: Request) => Promise<Response | undefined>
}

/** Builds the handler of one mock. */
export function createHandler<U extends MockUsers>(
  settings: Settings,
  memory: MockMemory<U>,
  failures: Failures,
): Handler {
  const { agentUrl, origin, now } = settings

  const targetOf = ({ url }: Request): Target<U> => {
    const resource = memory.resources.find(({ pattern }) => matches(url, pattern))
    if (resource !== undefined) return { kind: 'api', resource }
    if (!matches(url, agentUrl) && !matches(url, `${agentUrl}/*`)) return undefined
    const { pathname } = new URL(url)
    return {
      kind: 'agent',
      operation: operationAt(pathname.slice(new URL(agentUrl).pathname.length)),
    }
  }

  /** What the cookies of the request, if it has any, stand for. */
  const stateFor = (request: Request): MockState<U> =>
    carriesCookies(request, origin) ? memory.state : clearCookies(memory.state)

  const run = (request: Request, { operation, parameters }: AcceptedCall): Response => {
    const context = { ...settings, now: now() }
    const { state, reply } = runOperation[operation](stateFor(request), parameters, context)
    const { startedLogins } = state
    // Without cookies nothing is kept, but no two logins ever share a name.
    memory.state = carriesCookies(request, origin) ? state : { ...memory.state, startedLogins }
    return toResponse(reply)
  }

  const handleOperation = async (
    request: Request,
    operation: Operation | undefined,
  ): Promise<Response> => {
    const call = await readCall(request, operation, origin)
    const accepted = call.kind === 'accepted'
    const response = accepted
      ? (failures.take(call.operation) ?? run(request, call))
      : toResponse(call.reply)
    if (operation !== undefined) {
      const parameters = accepted ? Object.fromEntries(call.parameters) : {}
      memory.calls = [...memory.calls, { operation, parameters, status: response.status }]
    }
    return response
  }

  return {
    handles: (request) => targetOf(request) !== undefined,
    handle: async (request) => {
      const target = targetOf(request)
      if (target === undefined) return undefined
      if (target.kind === 'agent') return handleOperation(request, target.operation)
      const { session } = stateFor(request)
      return forward(request, target.resource.resolver, { origin, now: now(), session })
    },
  }
}
