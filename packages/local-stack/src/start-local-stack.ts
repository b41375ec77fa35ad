// Starting everything the pattern needs on this machine: authorization server, API, agent and proxy.
import { parseConfiguration } from '@token-handler/reference-handler'
import { startControlServer } from './control-server.ts'
import { configureHandler } from './handler-configuration.ts'
import { startHandler } from './handler.ts'
import { reservePort } from './listening.ts'
import type { LocalStack } from './local-stack.ts'
import { defaultPorts } from './options.ts'
import type { LocalStackOptions } from './options.ts'
import { createParts } from './parts.ts'
import type { Parts } from './parts.ts'
import { startLocalServers } from './start-local-servers.ts'

/**
 * Starts the authorization server, the demo API, agent and proxy, and the controls over HTTP. All of
 * it listens on 127.0.0.1, keeps what it knows in memory, and is meant for development and tests.
 *
 * @param options - see {@link LocalStackOptions}; every option has a default
 * @returns the running stack, when every part of it listens
 * @throws `PortTakenError` when a port is taken; the message says which, which service needs it and what to change
 * @throws `ConfigurationError` when `configure` made a configuration that cannot work
 *
 * @example
 * import { startLocalStack } from '@token-handler/local-stack'
 *
 * const stack = await startLocalStack()
 * console.log(stack.urls)
 * await stack.stop()
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const parts = createParts()
  try {
    return await start(options, parts)
  } catch (error) {
    await parts.stop()
    throw error
  }
}

async function start(options: LocalStackOptions, parts: Parts): Promise<LocalStack> {
  const ports = { ...defaultPorts, ...options.ports }
  const isReserved = ports.spa === 0 && options.origin === undefined
  const reserved = isReserved ? await parts.add(reservePort()) : undefined
  const spa = options.origin ?? `http://www.app.localhost:${reserved?.port ?? ports.spa}`
  const names = { id: 'nordlicht-coffee', name: 'Nordlicht Coffee' }
  const redirectUri = spa + (options.callbackPath ?? '/callback')
  const postLogoutRedirectUri = `${spa}/`

  const servers = await startLocalServers({
    ...options,
    clients: [
      {
        ...names,
        redirectUris: [redirectUri],
        postLogoutRedirectUris: [postLogoutRedirectUri],
      },
    ],
  })
  await parts.add(Promise.resolve({ close: servers.stop }))
  const { issuer, apiUrl, controls, logger, secrets } = servers
  const secret = servers.clients[0]?.secret ?? ''

  const { configure = (unchanged) => unchanged } = options
  const defaults = configureHandler({
    issuer,
    client: { ...names, secret, redirectUri, postLogoutRedirectUri },
    apiUrl,
    port: ports.handler,
    accessTokenFormat: options.accessTokenFormat ?? 'jwt',
  })
  const configuration = parseConfiguration(configure(defaults))
  for (const value of configuration.cookies.secrets) secrets.add(value)

  const handler = await parts.add(
    startHandler({ configuration, logger, onSecret: (value) => void secrets.add(value) }),
  )
  const control = await parts.add(
    startControlServer({ port: ports.control, controls, origin: spa }),
  )

  await reserved?.close()
  return {
    urls: {
      spa,
      handler: handler.url,
      agent: handler.url + configuration.agentPath,
      api: `${handler.url}/api`,
      demoApi: apiUrl,
      authorizationServer: issuer,
      control: control.url,
    },
    configuration,
    controls,
    agentCalls: handler.agentCalls,
    resetAgentCalls: handler.resetAgentCalls,
    issuedSecrets: () => secrets,
    stop: parts.stop,
  }
}
