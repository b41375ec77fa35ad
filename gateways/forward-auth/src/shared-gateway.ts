// One gateway for all tests of a suite, and what it asks: a handler with an upstream.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import type { TestHandler } from '../../../packages/reference-handler/test/hosts/handler.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { startGateway } from './gateways.ts'
import type { GuideGateway } from './gateways.ts'

/** To be asked for only while a test runs. */
export interface SharedGateway extends Pick<
  TestHandler,
  'answerWith' | 'goodLines' | 'upstreamRequests'
> {
  /** The gateway's. */
  readonly port: number
  readonly decisionPort: number
  readonly handler: TestHandler
}

/** Starts both before the tests of a suite, and stops them afterwards; each test finds them as they were at first. */
export function shareGateway(
  gateway: GuideGateway,
  route: NonNullable<Parameters<typeof startHandler>[1]>['changeRoute'] = {},
): SharedGateway {
  let handler: TestHandler
  let running: Awaited<ReturnType<typeof startGateway>>
  let decisionPort = 0
  beforeAll(async () => {
    ;[decisionPort = 0] = await findFreePorts(1)
    const server = {
      forwardAuth: gateway.name,
      forwardAuthPort: decisionPort,
      trustedProxies: ['127.0.0.1'],
    }
    handler = await startHandler(
      { server },
      { changeRoute: route, ...(gateway.upstreamPath && { upstreamPath: gateway.upstreamPath }) },
    )
    running = await startGateway(gateway, {
      handlerPort: handler.port,
      decisionPort,
      apiPort: handler.upstreamPort,
      routes: ['/api'],
    })
  })
  beforeEach(() => handler.reset())
  afterAll(async () => {
    await running?.stop()
    await handler?.close()
  })
  return {
    get port() {
      return running.port
    },
    get decisionPort() {
      return decisionPort
    },
    get handler() {
      return handler
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
