// From a request to what it asks the agent for, or to the reason why the agent will not do it.
import { agentError } from '../agent/reply.ts'
import type { ErrorReply } from '../agent/reply.ts'
import type { Settings } from '../options.ts'
import type { MockDemand, MockEndpoint } from '../wire/profile.ts'
import { distrust } from './request-guards.ts'

/** A call the agent will answer. */
export type AcceptedCall = Exclude<MockDemand, { readonly kind: 'malformed' }>

/** A call of one of the operations. */
export type OperationCall = Extract<MockDemand, { readonly kind: 'operation' }>

/** A call the agent will not run, and what it says instead. */
export interface RefusedCall {
  readonly kind: 'refused'
  readonly reply: ErrorReply
}

const refused = (reply: ErrorReply): RefusedCall => ({ kind: 'refused', reply })

/** As large as the agent lets a body be, in characters. */
const MAX_BODY_LENGTH = 16_384

/**
 * Checks a request in the order the agent does: where it goes, how, who sends it, and with what body.
 *
 * @param csrfToken - of the session that comes with the request
 */
export async function readCall(
  request: Request,
  endpoint: MockEndpoint | undefined,
  settings: Settings,
  csrfToken: string | undefined,
): Promise<AcceptedCall | RefusedCall> {
  if (endpoint === undefined) return refused(agentError('not_found', 'no operation has this path'))
  const { method } = endpoint
  if (request.method !== method) {
    const reply = agentError(
      'method_not_allowed',
      `${new URL(request.url).pathname} is a ${method}`,
    )
    return refused({ ...reply, headers: { allow: `${method}, OPTIONS` } })
  }
  const reason = distrust(request, endpoint, settings, csrfToken)
  if (reason !== undefined) return refused(agentError('untrusted_request', reason))
  if (method === 'POST' && /^prefetch\b/.test(request.headers.get('sec-purpose') ?? '')) {
    const details = 'the page is only prefetched or prerendered'
    return refused(agentError('temporarily_unavailable', details))
  }
  const body = method === 'POST' ? await request.text() : ''
  if (body.length > MAX_BODY_LENGTH) {
    return refused(agentError('payload_too_large', `bodies have ${MAX_BODY_LENGTH} bytes at most`))
  }
  const { contentType: wanted } = settings.profile
  const [contentType = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (body !== '' && contentType.trim().toLowerCase() !== wanted) {
    return refused(agentError('unsupported_media_type', `bodies are ${wanted}`))
  }
  const demand = endpoint.decode(body)
  if (demand.kind !== 'malformed') return demand
  return refused(agentError('invalid_request', demand.details))
}
