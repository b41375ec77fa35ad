// What others than pages ask: the authorization server, browsers by themselves, gateways. Most deployments have none of
// these, so the code of each is loaded with its first request.
import { deviceBindingPaths } from '@token-handler/contract'
import { ACCESS_TOKEN_PATH, ENDED_SESSIONS_PATH } from '../gateway/gateway-paths.ts'
import { leftOut } from '../left-out.ts'
import { onDemand } from '../on-demand.ts'
import type { Ports } from '../ports.ts'
import { BACK_CHANNEL_LOGOUT_PATH } from './back-channel-path.ts'
import type { AgentContext } from './context.ts'

/** Answers a request, or resolves with `undefined`: to its sender there is no such path. */
type Answer = (request: Request) => Promise<Response | undefined>

const loadBackChannelLogout =
  typeof __TOKEN_HANDLER_STORE__ === 'undefined' || __TOKEN_HANDLER_STORE__
    ? () => import('./back-channel-logout.ts')
    : leftOut

const loadDeviceBinding =
  typeof __TOKEN_HANDLER_DEVICE_BINDING__ === 'undefined' || __TOKEN_HANDLER_DEVICE_BINDING__
    ? () => import('./device-binding/endpoints.ts')
    : leftOut

/** The endpoints of a configuration beside the operations, by path. */
export function createFurtherEndpoints(
  context: AgentContext,
  ports: Ports,
): ReadonlyMap<string, Answer> {
  const { configuration, endedSessions } = context
  const { agentPath, deviceBinding } = configuration
  const answers = new Map<string, Answer>()
  const add = (paths: readonly string[], load: () => Promise<Answer>): void => {
    const answer: Answer = onDemand(load)
    for (const path of paths) answers.set(agentPath + path, answer)
  }

  if (typeof __TOKEN_HANDLER_GATEWAY__ === 'undefined' || __TOKEN_HANDLER_GATEWAY__) {
    add([ENDED_SESSIONS_PATH, ACCESS_TOKEN_PATH], async () => {
      const { createGatewayEndpoint } = await import('../gateway/gateway-endpoint.ts')
      return createGatewayEndpoint(configuration, ports)
    })
  }
  if (endedSessions !== undefined) {
    add([BACK_CHANNEL_LOGOUT_PATH], async () => {
      const { createBackChannelLogout } = await loadBackChannelLogout()
      return createBackChannelLogout(configuration, ports, endedSessions)
    })
  }
  if (deviceBinding.mode !== 'off') {
    add(Object.values(deviceBindingPaths), async () => {
      const { createDeviceBinding } = await loadDeviceBinding()
      const answer = createDeviceBinding(context)
      return async (request) => await answer(request)
    })
  }
  return answers
}
