// Gateways with their defaults in front of two instances of a handler.
import { writeFile } from 'node:fs/promises'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'
import type { Running } from './programs.ts'
import { flags } from './flags.ts'

/** A gateway that runs. */
export interface Gateway extends Running {
  readonly port: number
}

export interface GatewayKind {
  readonly name: string
  readonly program: string
  readonly start: (instances: readonly [number, number], port?: number) => Promise<Gateway>
}

/** What is written where, and how the program is told to read it. */
interface Setup {
  readonly text: string
  readonly parameters: (file: string) => readonly string[]
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
        const file = `${folder}/configuration`
        await writeFile(file, text)
        return parameters(file)
      })
      return { port, ...running }
    },
  }
}

const isRoot = process.getuid?.() === 0

export const nginx = gateway('nginx', 'nginx', (port, [one, two], folder) => {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return {
    text: `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/errors;
      events {}
      http {
        access_log off;
        ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        upstream instances { server 127.0.0.1:${one}; server 127.0.0.1:${two}; }
        server {
          listen 127.0.0.1:${port};
          location / { proxy_pass http://instances; proxy_set_header Host $http_host; }
        }
      }`,
    parameters: (file) => ['-e', `${folder}/errors`, '-c', file],
  }
})

export const caddy = gateway('Caddy', 'caddy', (port, [one, two]) => ({
  text: `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy 127.0.0.1:${one} 127.0.0.1:${two} {
    lb_policy round_robin
  }
}
`,
  parameters: (file) => ['run', '--config', file, '--adapter', 'caddyfile'],
}))

const haproxy = (name: string, mode: string, more: string) =>
  gateway(name, 'haproxy', (port, [one, two]) => ({
    text: `defaults
  mode ${mode}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen gateway
  bind 127.0.0.1:${port}
  server one 127.0.0.1:${one}
  server two 127.0.0.1:${two} ${more}
`,
    parameters: (file) => ['-f', file, '-db'],
  }))

export const haproxyDefault = haproxy('HAProxy', 'http', '')

/** It passes connections on as they are: what is repeated behind it is repeated by the browser. */
export const haproxyTcp = haproxy('HAProxy, mode tcp', 'tcp', '')

const apacheModules = [
  'mpm_event',
  'authz_core',
  'slotmem_shm',
  'proxy',
  'proxy_http',
  'proxy_balancer',
  'lbmethod_byrequests',
]

export const apache = gateway('Apache', 'apache2', (port, [one, two], folder) => ({
  text: `${apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ServerName gateway.example
${isRoot ? 'User www-data\nGroup www-data' : ''}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/errors
Listen 127.0.0.1:${port}
<Proxy balancer://instances>
  BalancerMember http://127.0.0.1:${one}
  BalancerMember http://127.0.0.1:${two}
</Proxy>
ProxyPreserveHost On
ProxyPass / balancer://instances/
`,
  parameters: (file) => ['-d', folder, '-f', file, '-D', 'FOREGROUND'],
}))

export const varnish = gateway('Varnish', 'varnishd', (port, [one, two], folder) => ({
  text: `vcl 4.1;
import directors;
backend one { .host = "127.0.0.1"; .port = "${one}"; }
backend two { .host = "127.0.0.1"; .port = "${two}"; }
sub vcl_init {
  new instances = directors.round_robin();
  instances.add_backend(one);
  instances.add_backend(two);
}
sub vcl_recv { set req.backend_hint = instances.backend(); }
`,
  parameters: (file) => [
    '-F',
    ...flags({ n: folder, f: file, j: 'none', s: 'malloc,16m', a: `127.0.0.1:${port}` }),
  ],
}))

export const gatewayKinds: readonly GatewayKind[] = [nginx, caddy, haproxyDefault, apache, varnish]
