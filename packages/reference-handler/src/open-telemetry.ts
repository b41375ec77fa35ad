// The port `trace` by OpenTelemetry: its API is handed in, so that nobody who does without has to install it.
import type { Trace } from './ports.ts'

/** What is used of a span. */
interface TelemetrySpan {
  setAttributes(attributes: Record<string, string | number | boolean>): unknown
  setStatus(status: { code: number }): unknown
  end(): void
}

/** What is used of the package `@opentelemetry/api`, whole or in part. */
export interface OpenTelemetryApi<Context, Span extends TelemetrySpan> {
  readonly context: {
    active(): Context
    with<Result>(context: Context, action: () => Result): Result
  }
  readonly propagation: {
    extract(context: Context, carrier: Record<string, string>): Context
    inject(context: Context, carrier: Record<string, string>): void
  }
  readonly trace: {
    getTracer(name: string): {
      startSpan(
        name: string,
        options: { kind: number; attributes: Record<string, string | number | boolean> },
        context: Context,
      ): Span
    }
    getSpan(context: Context): Span | undefined
    setSpan(context: Context, span: Span): Context
  }
  readonly SpanKind: { readonly SERVER: number; readonly CLIENT: number }
  readonly SpanStatusCode: { readonly ERROR: number }
}

/** Headers of a trace that a request may bring along. */
const propagated = ['traceparent', 'tracestate', 'baggage']

/**
 * Makes the port `trace` of OpenTelemetry's API: a span for each operation of the agent, each request of the back
 * channel and each request to an API. What becomes of the spans is a matter of the SDK that the process registers;
 * without one, nothing is recorded. A span goes on with the one that is active, such as that of an instrumentation of
 * Node's server, or else with the trace of the request.
 *
 * @param api - the package `@opentelemetry/api`, 1.x
 * @returns for `createServer`, `createOAuthAgent` and the others that take ports
 * @see {@link https://opentelemetry.io/docs/specs/semconv/http/http-spans/ OpenTelemetry, semantic conventions for HTTP spans}
 *
 * @example
 * import { openTelemetryTrace, parseConfiguration } from '@token-handler/reference-handler'
 * import type { OpenTelemetryApi } from '@token-handler/reference-handler'
 * import { createServer } from '@token-handler/reference-handler/fastify'
 *
 * // import * as api from '@opentelemetry/api'
 * export function start(api: Parameters<typeof openTelemetryTrace>[0], input: unknown) {
 *   return createServer(parseConfiguration(input), { trace: openTelemetryTrace(api) })
 * }
 */
export function openTelemetryTrace<Context, Span extends TelemetrySpan>(
  api: OpenTelemetryApi<Context, Span>,
): Trace {
  const { context, propagation, SpanKind, SpanStatusCode, trace } = api
  const tracer = trace.getTracer('@token-handler/reference-handler')

  function findParent(header: ((name: string) => string | undefined) | undefined): Context {
    const active = context.active()
    if (header === undefined || trace.getSpan(active) !== undefined) return active
    const carrier = propagated.flatMap((name) => {
      const value = header(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return propagation.extract(active, Object.fromEntries(carrier))
  }

  return async ({ name, kind, attributes, header }, action) => {
    const parent = findParent(header)
    const options = {
      kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CLIENT,
      attributes: { ...attributes },
    }
    const span = tracer.startSpan(name, options, parent)
    const own = trace.setSpan(parent, span)
    const fail = (type: string): void => {
      span.setAttributes({ 'error.type': type })
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    const active = {
      set: (more: typeof attributes) => void span.setAttributes({ ...more }),
      fail,
      headers() {
        const carrier: Record<string, string> = {}
        propagation.inject(own, carrier)
        return carrier
      },
    }
    try {
      return await context.with(own, () => action(active))
    } catch (error) {
      // The name alone: messages may quote what was sent.
      fail(error instanceof Error ? error.name : 'error')
      throw error
    } finally {
      span.end()
    }
  }
}
