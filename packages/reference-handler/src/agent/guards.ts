// The guards every request passes, in this order: path, method, origin and version, purpose, cookies, body.
import { deviceBindingHeaders, endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { findCookies } from '../http/cookies.ts'
import type { SetCookie } from '../http/cookies.ts'
import { readPlainForm } from '../http/form.ts'
import type { FormReading } from '../http/form.ts'
import { checkOrigin } from '../http/origin-guard.ts'
import type { PlainRequest } from '../http/plain.ts'
import type { AgentInput } from './context.ts'
import { agentFailure } from './agent-decision.ts'
import type { AgentFailure } from './agent-decision.ts'
import { findBoundCookies } from './device-binding/bound-cookies.ts'
import { expireSession } from './issue-session.ts'

/** Whether a request may go on to its operation. */
export type Admission =
  | { readonly kind: 'admitted'; readonly operation: Operation; readonly input: AgentInput }
  /** Also for a path without an operation: the page shall be able to read the 404. */
  | { readonly kind: 'preflight'; readonly operation: Operation | undefined }
  | {
      readonly kind: 'refused'
      readonly operation?: Operation
      readonly failure: AgentFailure
      readonly cookies?: readonly SetCookie[]
    }

/** Checks a request, and reads what its operation needs. */
export async function admit(
  configuration: Configuration,
  request: PlainRequest,
): Promise<Admission> {
  const { header } = request
  const operation = findOperation(configuration.agentPath, request.pathname)
  const isPreflight =
    request.method === 'OPTIONS' && header('access-control-request-method') !== undefined
  if (operation === undefined && !isPreflight) {
    const failure = agentFailure('not_found', 'The agent has no operation at this path.')
    return { kind: 'refused', failure }
  }
  if (operation === undefined || request.method === 'OPTIONS')
    return { kind: 'preflight', operation }
  const refuse = (failure: AgentFailure) => ({ kind: 'refused', operation, failure }) as const

  const { method } = endpoints[operation]
  if (request.method !== method) {
    const failure = agentFailure('method_not_allowed', `This operation needs ${method}.`)
    return refuse({ ...failure, headers: { allow: `${method}, OPTIONS` } })
  }

  const { trustedOrigins } = configuration
  const origin = checkOrigin({ method, headers: header, trustedOrigins })
  if (origin !== 'trusted') return refuse(agentFailure('untrusted_request', origin.reason))

  if (method !== 'GET' && isPrefetch(request)) {
    const details = 'The page is only prefetched or prerendered. It can try again when it is shown.'
    return refuse(agentFailure('temporarily_unavailable', details))
  }

  const { prefix } = configuration.cookies
  const allCookies = findCookies(header('cookie'), prefix)
  const cookies = uniqueCookies(allCookies, operation)
  if (cookies === 'duplicate') {
    const details =
      'Two cookies have the same name: one of them was planted by another host, or left by an earlier cookies.domain.'
    const failure = agentFailure('invalid_request', details)
    // Both go, since they cannot be told apart; of those of one host alone, ours stay (see `planted-cookies.ts`).
    const isOfOneHost = prefix.toLowerCase().startsWith('__host-')
    return { ...refuse(failure), cookies: isOfOneHost ? [] : expireSession(configuration) }
  }

  const form = await readBody(request)
  if (form.kind === 'refused') return refuse(agentFailure(form.code, form.reason))
  const { parameters } = form
  const proof = {
    boundCookies: findBoundCookies(header('cookie'), prefix),
    isProofSkipped: header(deviceBindingHeaders.skipped) !== undefined,
  }
  return { kind: 'admitted', operation, input: { cookies, allCookies, parameters, ...proof } }
}

const operationsByPath: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [endpoints[operation].path, operation]),
)

const findOperation = (agentPath: string, pathname: string): Operation | undefined =>
  pathname.startsWith(agentPath)
    ? operationsByPath.get(pathname.slice(agentPath.length))
    : undefined

/**
 * Whether nobody has seen the page yet, and maybe nobody will.
 * @see {@link https://fetch.spec.whatwg.org/#sec-purpose-header Fetch, the Sec-Purpose header}
 */
const isPrefetch = ({ header }: PlainRequest): boolean =>
  /^prefetch\b/.test(header('sec-purpose') ?? '')

function uniqueCookies(
  all: AgentInput['allCookies'],
  operation: Operation,
): ReadonlyMap<string, string> | 'duplicate' {
  const cookies = new Map(all)
  // A planted cookie must not prevent a sign-out, which looks at all of them.
  return cookies.size < all.length && operation !== 'logout' ? 'duplicate' : cookies
}

/** Reading fails when the client leaves before its body ends, and that is no fault of ours. */
async function readBody(request: PlainRequest): Promise<FormReading> {
  try {
    return await readPlainForm(request)
  } catch {
    return { kind: 'refused', code: 'invalid_request', reason: 'The body broke off.' }
  }
}
