// What it means when an upstream fails.
import { errors } from 'undici'
import type { UpstreamFailureCode } from '../../proxy/upstream-refusal.ts'

/** The upstream gave no answer that could be handed on. */
export interface UpstreamFailure {
  readonly kind: 'failed'
  readonly code: UpstreamFailureCode
  readonly cause: unknown
}

/** Of the documented answers, the one for a failure. */
export const classifyFailure = (cause: unknown): UpstreamFailureCode =>
  cause instanceof errors.HeadersTimeoutError || cause instanceof errors.ConnectTimeoutError
    ? 'upstream_timeout'
    : 'upstream_error'

const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Whether a connection that stood was closed by the upstream. */
export const isConnectionReset = (cause: Error): boolean =>
  'code' in cause && resetCodes.has(String(cause.code))
