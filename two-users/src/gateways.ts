// Gateways with their defaults in front of two instances of a handler.
import { writeFile } from 'node:fs/promises'
import {
  apacheSetup,
  caddySetup,
  configurationIn,
  haproxySetup,
  nginxSetup,
  varnishSetup,
} from './configurations.ts'
import type { Setup } from './configurations.ts'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'
import type { Running } from './programs.ts'

/** A gateway that runs. */
export interface Gateway extends Running {
  readonly port: number
}

export interface GatewayKind {
  readonly name: string
  readonly program: string
  readonly start: (instances: readonly [number, number], port?: number) => Promise<Gateway>
}

function gateway(
  name: string,
  program: string,
  configure: (port: number, instances: readonly [number, number], folder: string) => Setup,
): GatewayKind {
  return {
    name,
    program,
    async start(instances, wanted) {
      const port = wanted ?? (await findFreePorts(1))[0] ?? 0
      const running = await startProgram(program, [port], async (folder) => {
        const { text, parameters } = configure(port, instances, folder)
        await writeFile(configurationIn(folder), text)
        return parameters
      })
      return { port, ...running }
    },
  }
}

export const nginx = gateway('nginx', 'nginx', (port, [one, two], folder) => {
  const text = `upstream instances { server 127.0.0.1:${one}; server 127.0.0.1:${two}; }
    server {
      listen 127.0.0.1:${port};
      location / { proxy_pass http://instances; proxy_set_header Host $http_host; }
    }`
  return nginxSetup(text, folder)
})

export const caddy = gateway('Caddy', 'caddy', (port, [one, two], folder) => {
  const text = `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${one} 127.0.0.1:${two} {
    lb_policy round_robin
  }
}
`
  return caddySetup(text, folder)
})

const haproxy = (name: string, mode: string) =>
  gateway(name, 'haproxy', (port, [one, two], folder) => {
    const text = `defaults
  mode ${mode}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen gateway
  bind 127.0.0.1:${port}
  server one 127.0.0.1:${one}
  server two 127.0.0.1:${two}
`
    return haproxySetup(text, folder)
  })

export const haproxyDefault = haproxy('HAProxy', 'http')

/** It passes connections on as they are: what is repeated behind it is repeated by the browser. */
export const haproxyTcp = haproxy('HAProxy, mode tcp', 'tcp')

export const apache = gateway('Apache', 'apache2', (port, [one, two], folder) => {
  const text = `Listen 127.0.0.1:${port}
    <Proxy balancer://instances>
      BalancerMember http://127.0.0.1:${one}
      BalancerMember http://127.0.0.1:${two}
    </Proxy>
    ProxyPreserveHost On
    ProxyPass / balancer://instances/`
  return apacheSetup(['slotmem_shm', 'proxy_balancer', 'lbmethod_byrequests'], text, folder)
})

export const varnish = gateway('Varnish', 'varnishd', (port, [one, two], folder) => {
  const text = `vcl 4.1;
    import directors;
    backend one { .host = "127.0.0.1"; .port = "${one}"; }
    backend two { .host = "127.0.0.1"; .port = "${two}"; }
    sub vcl_init {
      new instances = directors.round_robin();
      instances.add_backend(one);
      instances.add_backend(two);
    }
    sub vcl_recv { set req.backend_hint = instances.backend(); }`
  return varnishSetup(text, [`127.0.0.1:${port}`], folder)
})

export const gatewayKinds: readonly GatewayKind[] = [nginx, caddy, haproxyDefault, apache, varnish]
