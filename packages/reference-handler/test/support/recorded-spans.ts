// The port `trace` for tests: keeps the spans that ended, each with its parent.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { SpanAttributes, Trace } from '../../src/ports.ts'

/** A span that ended. */
export interface RecordedSpan {
  readonly id: string
  readonly traceId: string
  readonly parentId: string | undefined
  readonly name: string
  readonly kind: 'server' | 'client'
  readonly attributes: SpanAttributes
  readonly error: string | undefined
}

interface Place {
  readonly traceId: string
  readonly id: string
  readonly state: string | undefined
}

/** Creates the port, and the list that it fills. */
export function recordSpans() {
  const spans: RecordedSpan[] = []
  const active = new AsyncLocalStorage<Place>()
  let count = 0

  function readParent(header: ((name: string) => string | undefined) | undefined) {
    const [, traceId, id] = header?.('traceparent')?.split('-') ?? []
    if (traceId === undefined || id === undefined) return undefined
    return { traceId, id, state: header?.('tracestate') }
  }

  const trace: Trace = async ({ name, kind, attributes, header }, action) => {
    count += 1
    const parent = active.getStore() ?? readParent(header)
    const id = count.toString(16).padStart(16, '0')
    const place = {
      id,
      traceId: parent?.traceId ?? id.padStart(32, 'a'),
      state: parent?.state,
    }
    let all = { ...attributes }
    let error: string | undefined
    const record = () =>
      spans.push({
        id,
        traceId: place.traceId,
        parentId: parent?.id,
        name,
        kind,
        attributes: all,
        error,
      })
    const span = {
      set: (more: SpanAttributes) => void (all = { ...all, ...more }),
      fail: (type: string) => void (error = type),
      headers: () => ({
        traceparent: `00-${place.traceId}-${id}-01`,
        ...(place.state !== undefined && { tracestate: place.state }),
      }),
    }
    try {
      return await active.run(place, () => action(span))
    } finally {
      record()
    }
  }
  return { spans, trace }
}
