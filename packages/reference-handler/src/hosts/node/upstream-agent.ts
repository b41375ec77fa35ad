// The connections to upstreams, and how they are kept.
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { lookupHost } from './local-names.ts'

/** Creates the connections to upstreams: kept alive, HTTP/1.1, no time limit for bodies. */
export function createUpstreamAgent(): Agent {
  return new Agent({ allowH2: false, bodyTimeout: 0, connect: { lookup: lookupHost } })
}

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
