// The connections to upstreams: how they are kept, and what it means when one fails.
import { Agent, errors } from 'undici'
import type { Dispatcher } from 'undici'
import { lookupHost } from './local-names.ts'

/** The upstream gave no answer that could be handed on. */
export interface UpstreamFailure {
  readonly kind: 'failed'
  readonly code: 'upstream_error' | 'upstream_timeout'
  readonly cause: unknown
}

/** Creates the connections to upstreams: kept alive, HTTP/1.1, no time limit for bodies. */
export function createUpstreamAgent(): Agent {
  return new Agent({ allowH2: false, bodyTimeout: 0, connect: { lookup: lookupHost } })
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

/** Names and values in turn; a name with several values takes several lines. */
export function toHeaderLines(
  headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
): string[] {
  const lines: string[] = []
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') lines.push(name, value)
    else for (const single of value ?? []) lines.push(name, single)
  }
  return lines
}
