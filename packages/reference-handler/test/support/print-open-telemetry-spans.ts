// Run by itself: makes spans through OpenTelemetry's own API and SDK, and prints what came of them as JSON.
import * as api from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { openTelemetryTrace } from '../../src/open-telemetry.ts'

const trace = openTelemetryTrace(api)
const request = {
  name: 'agent refresh',
  kind: 'server',
  attributes: { operation: 'refresh' },
} as const
const call = { name: 'POST', kind: 'client', attributes: { method: 'POST' } } as const
const headers: Readonly<Record<string, string>> = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=page',
}

/** Without an SDK nothing is recorded, and nothing is handed on. */
const withoutSdk = await trace(request, (span) => Promise.resolve(span.headers()))

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
api.trace.setGlobalTracerProvider(provider)
api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
api.propagation.setGlobalPropagator(new W3CTraceContextPropagator())

let handedOn = {}
const failure = await trace({ ...request, header: (name) => headers[name] }, async (span) => {
  span.set({ status: 401 })
  span.fail('session_expired')
  return await trace(call, (inner) => {
    handedOn = inner.headers()
    return Promise.reject(new TypeError('with a secret in its message'))
  })
}).catch((error: unknown) => String(error))

// A span of another instrumentation counts more than what the request says.
const tracer = api.trace.getTracer('another instrumentation')
await tracer.startActiveSpan('GET', async (outer) => {
  await trace({ ...request, header: (name) => headers[name] }, () => Promise.resolve())
  outer.end()
})

const spans = exporter.getFinishedSpans().map((span) => ({
  id: span.spanContext().spanId,
  traceId: span.spanContext().traceId,
  parentId: span.parentSpanContext?.spanId,
  name: span.name,
  kind: api.SpanKind[span.kind],
  attributes: span.attributes,
  isError: span.status.code === api.SpanStatusCode.ERROR,
  events: span.events,
}))
process.stdout.write(JSON.stringify({ withoutSdk, handedOn, failure, spans }))
