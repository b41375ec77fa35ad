// One gateway for all tests of a file, beside the handler whose configuration it has.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import type { TestHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import { startGateway } from './gateway.ts'
import type { Gateway, GatewayOptions } from './gateway.ts'

/** The handler, and the gateway before the same upstream; to be asked for only while a test runs. */
export interface SharedGateway extends Pick<
  TestHandler,
  'answerWith' | 'goodLines' | 'upstreamRequests'
> {
  /** The gateway's. */
  readonly port: number
  readonly handler: TestHandler
  readonly gateway: Gateway
}

/** Starts both before the tests of a suite, and stops them afterwards; each test finds them as they were at first. */
export function shareGateway(
  options: GatewayOptions = {},
  input: Parameters<typeof startHandler>[0] = {},
  more: Parameters<typeof startHandler>[1] = {},
): SharedGateway {
  let handler: TestHandler
  let gateway: Gateway
  beforeAll(async () => {
    handler = await startHandler(input, more)
    const { port } = handler
    gateway = await startGateway(handler.configuration, {
      agent: `http://127.0.0.1:${port}`,
      ...options,
    })
  })
  beforeEach(() => handler.reset())
  afterAll(async () => {
    await gateway?.stop()
    await handler?.close()
  })
  return {
    get port() {
      return gateway.port
    },
    get handler() {
      return handler
    },
    get gateway() {
      return gateway
    },
    get goodLines() {
      return handler.goodLines
    },
    get upstreamRequests() {
      return handler.upstreamRequests
    },
    answerWith: (listener) => handler.answerWith(listener),
  }
}
