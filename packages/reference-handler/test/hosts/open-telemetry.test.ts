// The port `trace` by OpenTelemetry's own API and SDK, in a process of its own, as a deployment has them.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const script = fileURLToPath(new URL('../support/print-open-telemetry-spans.ts', import.meta.url))

interface Printed {
  readonly withoutSdk: object
  readonly handedOn: Readonly<Record<string, string>>
  readonly failure: string
  readonly spans: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[]
}

// Without the test runner's conditions, which lead to builds for bundlers.
const printed: Printed = JSON.parse(
  execFileSync(process.execPath, ['--conditions=@token-handler/source', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 60_000,
  }),
)
const traceId = '0af7651916cd43dd8448eb211c80319c'
const [call, request, joined, other] = printed.spans

it('goes on with the trace of the request, and nests spans in each other', () => {
  expect(request).toMatchObject({ traceId, parentId: 'b7ad6b7169203331', kind: 'SERVER' })
  expect(request).toMatchObject({ name: 'agent refresh', attributes: { operation: 'refresh' } })
  expect(call).toMatchObject({ traceId, parentId: request?.id, kind: 'CLIENT', name: 'POST' })
})

it('hands on its own span, with the state of the trace', () => {
  expect(printed.handedOn).toEqual({
    traceparent: `00-${traceId}-${call?.id}-01`,
    tracestate: 'vendor=page',
  })
})

it('says of a failure its kind, and never its message', () => {
  expect(request).toMatchObject({
    isError: true,
    attributes: { status: 401, 'error.type': 'TypeError' },
  })
  expect(call).toMatchObject({ isError: true, attributes: { 'error.type': 'TypeError' } })
  expect(printed.failure).toContain('with a secret')
  expect(JSON.stringify(printed.spans)).not.toContain('with a secret')
})

it('goes on with the span of another instrumentation that is active', () => {
  expect(other?.['name']).toBe('GET')
  expect(joined).toMatchObject({ parentId: other?.id, traceId: other?.['traceId'] })
})

it('hands nothing on without an SDK', () => {
  expect(printed.withoutSdk).toEqual({})
})
