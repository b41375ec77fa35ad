// The guards every request passes, in this order: path, method, origin and version, cookies, body.
import { endpoints, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import type { Configuration } from '../configuration/schema.ts'
import { parseCookies } from '../http/cookies.ts'
import { readForm } from '../http/form.ts'
import type { FormReading } from '../http/form.ts'
import { checkOrigin } from '../http/origin-guard.ts'
import type { AgentInput } from './context.ts'
import { agentFailure } from './agent-decision.ts'
import type { AgentFailure } from './agent-decision.ts'

/** Whether a request may go on to its operation. */
export type Admission =
  | { readonly kind: 'admitted'; readonly operation: Operation; readonly input: AgentInput }
  /** Also for a path without an operation: the page shall be able to read the 404. */
  | { readonly kind: 'preflight'; readonly operation: Operation | undefined }
  | { readonly kind: 'refused'; readonly operation?: Operation; readonly failure: AgentFailure }

/** Checks a request, and reads what its operation needs. */
export async function admit(configuration: Configuration, request: Request): Promise<Admission> {
  const operation = findOperation(configuration.agentPath, request.url)
  const isPreflight =
    request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
  if (operation === undefined && !isPreflight) {
    const failure = agentFailure('not_found', 'The agent has no operation at this path.')
    return { kind: 'refused', failure }
  }
  if (operation === undefined || request.method === 'OPTIONS')
    return { kind: 'preflight', operation }
  const refuse = (failure: AgentFailure): Admission => ({ kind: 'refused', operation, failure })

  const { method } = endpoints[operation]
  if (request.method !== method) {
    const failure = agentFailure('method_not_allowed', `This operation needs ${method}.`)
    return refuse({ ...failure, headers: { allow: `${method}, OPTIONS` } })
  }

  const origin = checkOrigin({
    method,
    headers: (name) => request.headers.get(name) ?? undefined,
    trustedOrigins: configuration.trustedOrigins,
  })
  if (origin !== 'trusted') return refuse(agentFailure('untrusted_request', origin.reason))

  const cookies = readCookies(configuration, request, operation)
  if (cookies === 'duplicate') {
    const details = 'Two cookies have the same name: one of them was planted by another host.'
    return refuse(agentFailure('invalid_request', details))
  }

  const form = await readBody(request)
  if (form.kind === 'refused') return refuse(agentFailure(form.code, form.reason))
  return { kind: 'admitted', operation, input: { cookies, parameters: form.parameters } }
}

function findOperation(agentPath: string, url: string): Operation | undefined {
  const { pathname } = new URL(url)
  return operations.find((operation) => pathname === agentPath + endpoints[operation].path)
}

function readCookies(configuration: Configuration, request: Request, operation: Operation) {
  const cookies = parseCookies(request.headers.get('cookie'), configuration.cookies.prefix)
  // A planted cookie must not prevent a sign-out.
  return cookies === 'duplicate' && operation === 'logout' ? new Map<string, string>() : cookies
}

/** Reading fails when the client leaves before its body ends, and that is no fault of ours. */
async function readBody(request: Request): Promise<FormReading> {
  try {
    return await readForm(request)
  } catch {
    return { kind: 'refused', code: 'invalid_request', reason: 'The body broke off.' }
  }
}
