// From a request to the operation it means, or to the reason why it means none.
import { endpoints, FORM_CONTENT_TYPE, operations } from '@token-handler/contract'
import type { Operation } from '@token-handler/contract'
import { agentError } from '../agent/reply.ts'
import type { Reply } from '../agent/reply.ts'
import type { Settings } from '../options.ts'
import { distrust } from './request-guards.ts'

/** The operation at a path below the agent's URL, whatever the method. */
export function operationAt(path: string): Operation | undefined {
  return operations.find((operation) => endpoints[operation].path === path)
}

/** A call the agent will run. */
export interface AcceptedCall {
  readonly kind: 'accepted'
  readonly operation: Operation
  readonly parameters: URLSearchParams
}

/** A call the agent will not run, and what it says instead. */
export interface RefusedCall {
  readonly kind: 'refused'
  readonly reply: Reply
}

const refused = (reply: Reply): RefusedCall => ({ kind: 'refused', reply })

/** As large as the agent lets a body be, in characters. */
const MAX_BODY_LENGTH = 16_384

/** Checks a request in the order the agent does: where it goes, how, who sends it, and with what body. */
export async function readCall(
  request: Request,
  operation: Operation | undefined,
  settings: Settings,
): Promise<AcceptedCall | RefusedCall> {
  if (operation === undefined) return refused(agentError('not_found', 'no operation has this path'))
  const { method } = endpoints[operation]
  if (request.method !== method) {
    const reply = agentError('method_not_allowed', `${operation} is a ${method}`)
    return refused({ ...reply, headers: { allow: `${method}, OPTIONS` } })
  }
  const reason = distrust(request, settings)
  if (reason !== undefined) return refused(agentError('untrusted_request', reason))
  const body = method === 'POST' ? await request.text() : ''
  if (body.length > MAX_BODY_LENGTH) {
    return refused(agentError('payload_too_large', `bodies have ${MAX_BODY_LENGTH} bytes at most`))
  }
  const [contentType = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (body !== '' && contentType.trim().toLowerCase() !== FORM_CONTENT_TYPE) {
    return refused(agentError('unsupported_media_type', `bodies are ${FORM_CONTENT_TYPE}`))
  }
  const parameters = new URLSearchParams(body)
  if (new Set(parameters.keys()).size !== parameters.size) {
    return refused(agentError('invalid_request', 'a parameter is there twice'))
  }
  return { kind: 'accepted', operation, parameters }
}
