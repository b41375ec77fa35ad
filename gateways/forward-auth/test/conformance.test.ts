// Gateways that ask the handler, in front of the local stack, do what the conformance suite says.
import { conformanceCases, runCase } from '@token-handler/conformance'
import type { Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import type { LocalStack } from '@token-handler/local-stack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStackSubject } from '../../../packages/local-stack/test/conformance/stack-subject.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { guideGateways, isGatewayMissing, startGateway } from '../src/gateways.ts'

for (const gateway of guideGateways) {
  describe.skipIf(isGatewayMissing(gateway))(`${gateway.name}, asking the handler`, () => {
    let stack: LocalStack
    let running: Awaited<ReturnType<typeof startGateway>>
    let subject: Subject

    beforeAll(async () => {
      const [decisionPort = 0] = await findFreePorts(1)
      const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
      stack = await startLocalStack({
        ports,
        consent: false,
        log: { level: 'error' },
        configure: (input) => ({
          ...input,
          // Of the same paths as at the API, because Caddy must not change them.
          routes: ['/echo', '/events'].map((path) => ({
            path,
            upstream: `${input.routes?.[0]?.upstream}${path}`,
            eventSource: path === '/events',
          })),
          server: {
            ...input.server,
            forwardAuth: gateway.name,
            forwardAuthPort: decisionPort,
            trustedProxies: ['127.0.0.1'],
          },
        }),
      })
      const portOf = (url: string) => Number(new URL(url).port)
      const { routes } = stack.configuration
      running = await startGateway(gateway, {
        handlerPort: portOf(stack.urls.handler),
        decisionPort,
        apiPort: portOf(routes[0]?.upstream ?? ''),
        routes: routes.map(({ path }) => path),
      })
      const url = `http://api.app.localhost:${running.port}`
      const urls = { ...stack.urls, agent: url + stack.configuration.agentPath, api: url }
      subject = { ...createStackSubject({ ...stack, urls }), name: gateway.name }
    })
    afterAll(async () => {
      await running?.stop()
      await stack?.stop()
    })

    for (const conformanceCase of conformanceCases) {
      it(conformanceCase.title, async ({ skip }) => {
        const outcome = await runCase(conformanceCase, subject)
        if (outcome.status === 'skipped') skip(outcome.reason)
        expect(outcome).toEqual({ status: 'passed' })
      })
    }
  })
}
