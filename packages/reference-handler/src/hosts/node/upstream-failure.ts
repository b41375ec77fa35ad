// What it means when an upstream fails, and what the client is told then.
import { errors } from 'undici'
import type { Forward, Refusal, Tunnel } from '../../proxy/decision.ts'

/** The upstream gave no answer that could be handed on. */
export interface UpstreamFailure {
  readonly kind: 'failed'
  readonly code: 'upstream_error' | 'upstream_timeout'
  readonly cause: unknown
}

/** Of the documented answers, the one for a failure. */
export const classifyFailure = (cause: unknown): UpstreamFailure['code'] =>
  cause instanceof errors.HeadersTimeoutError || cause instanceof errors.ConnectTimeoutError
    ? 'upstream_timeout'
    : 'upstream_error'

const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Whether a connection that stood was closed by the upstream. */
export const isConnectionReset = (cause: Error): boolean =>
  'code' in cause && resetCodes.has(String(cause.code))

const reasons: Readonly<Record<UpstreamFailure['code'], string>> = {
  upstream_error: 'The upstream cannot be reached, or its answer is not valid HTTP.',
  upstream_timeout: 'The upstream did not answer in time.',
}

/** The answer in place of the upstream's. */
export const upstreamRefusal = (
  { corsHeaders }: Forward | Tunnel,
  code: UpstreamFailure['code'],
): Refusal => ({ kind: 'refuse', code, reason: reasons[code], headers: corsHeaders })
