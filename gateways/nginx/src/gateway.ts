// nginx with the plugin in front of what a configuration of the handler names.
import type { Configuration } from '@token-handler/reference-handler'
import { gatewayKeysOf } from '../../../packages/reference-handler/src/cli/gateway-keys.ts'
import { gatewaySettingsOf } from '../../../packages/reference-handler/src/cli/gateway-settings.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { startNginx } from './nginx.ts'
import type { Nginx, NginxOptions } from './nginx.ts'

/** How a gateway starts. */
export interface GatewayOptions extends Pick<NginxOptions, 'handlerName' | 'logLevel' | 'workers'> {
  /** Where the agent is, `http://address:port`; without it, the gateway serves APIs only. */
  readonly agent?: string
  /** Where it is asked, if that is another place. */
  readonly handler?: string
  /** Further directives of `http`. */
  readonly http?: string
  /** Further directives of the `server`. */
  readonly server?: string
  /** Changes the settings that are made of the configuration. */
  readonly change?: (settings: object) => object
  /** @default '' */
  readonly listen?: 'http2' | ''
}

/** A gateway that runs. */
export interface Gateway extends Nginx {
  readonly port: number
  /** Takes over another configuration, by a reload. */
  readonly take: (configuration: Configuration) => Promise<void>
}

const agentLocation = (path: string, agent: string) => `
  location ${path} {
    proxy_pass ${agent};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection '';
    proxy_buffer_size 16k;
    proxy_buffers 8 16k;
    proxy_request_buffering off;
  }`

/** What `token-handler gateway` and `token-handler keys` print. */
export const filesOf = (configuration: Configuration) => {
  const deployment = { kind: 'single', configuration } as const
  return { settings: gatewaySettingsOf(deployment), keys: gatewayKeysOf(deployment) }
}

/** Starts nginx as the gateway of a configuration. */
export async function startGateway(
  configuration: Configuration,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const { agent, change = (unchanged) => unchanged, listen = '', server = '', ...rest } = options
  const { http = '', handler = agent } = options
  const changed = (next: Configuration) => {
    const { settings, keys } = filesOf(next)
    return { settings: change(settings), keys }
  }
  const [port = 0] = await findFreePorts(1)
  const nginx = await startNginx({
    ...rest,
    ...changed(configuration),
    handler,
    ports: [port],
    http: `${http}
    server {
      listen 127.0.0.1:${port} ${listen};
      large_client_header_buffers 4 16k;
      include token-handler/server.conf;
      ${agent === undefined ? '' : agentLocation(configuration.agentPath, agent)}
      location / { include token-handler/proxy.conf; }
      ${server}
    }`,
  })
  return { ...nginx, port, take: (next) => nginx.reload(changed(next)) }
}
