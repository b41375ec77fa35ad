// What is traced, and by which names: nothing of it is a token, a query, a cookie or a user.
import type { ActiveSpan, SpanOptions, Trace } from './ports.ts'
import type { HeaderLines } from './proxy/headers.ts'

const untraced: ActiveSpan = { set() {}, fail() {}, headers: () => ({}) }

/** Runs an action in a span, where there is a trace. */
export const traced = <T>(
  trace: Trace | undefined,
  options: SpanOptions,
  action: (span: ActiveSpan) => Promise<T>,
): Promise<T> => (trace === undefined ? action(untraced) : trace(options, action))

/** The headers of a request with those that hand the trace on in place of what the client sent of it. */
export function withTrace(
  lines: HeaderLines,
  headers: Readonly<Record<string, string>>,
): HeaderLines {
  const own = Object.entries(headers)
  if (own.length === 0) return lines
  // A state belongs to its parent (Trace Context section 3.3).
  const replaced = new Set(['traceparent', 'tracestate', ...own.map(([name]) => name)])
  const kept = lines.filter(
    (_line, index) => !replaced.has((lines[index - (index % 2)] ?? '').toLowerCase()),
  )
  return [...kept, ...own.flat()]
}
