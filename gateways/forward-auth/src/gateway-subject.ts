// A gateway that asks the handler, in front of a local stack of its own, for the cases of the conformance suite.
import type { Subject } from '@token-handler/conformance'
import { startLocalStack } from '@token-handler/local-stack'
import { createStackSubject } from '../../../packages/local-stack/test/conformance/stack-subject.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { startGateway } from './gateways.ts'
import type { GuideGateway } from './gateways.ts'

/** A gateway as the suite sees it. */
export interface GatewaySubject {
  readonly subject: Subject
  readonly stop: () => Promise<void>
}

/** Starts gateway, handler and all behind them. */
export async function startGatewaySubject(gateway: GuideGateway): Promise<GatewaySubject> {
  const [decisionPort = 0] = await findFreePorts(1)
  const ports = { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 }
  const stack = await startLocalStack({
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
  try {
    const portOf = (url: string) => Number(new URL(url).port)
    const { routes } = stack.configuration
    const running = await startGateway(gateway, {
      handlerPort: portOf(stack.urls.handler),
      decisionPort,
      apiPort: portOf(routes[0]?.upstream ?? ''),
      routes: routes.map(({ path }) => path),
    })
    const url = `http://api.app.localhost:${running.port}`
    const urls = { ...stack.urls, agent: url + stack.configuration.agentPath, api: url }
    return {
      subject: { ...createStackSubject({ ...stack, urls }), name: gateway.name },
      async stop() {
        await running.stop()
        await stack.stop()
      },
    }
  } catch (error) {
    await stack.stop()
    throw error
  }
}
