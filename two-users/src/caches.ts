// Five caches as they stand in front of APIs, each with two doors: to the handler, and to the API itself.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'
import type { Running } from './programs.ts'
import { flags } from './flags.ts'

/** What is behind a cache. */
export interface Upstreams {
  readonly handler: number
  readonly api: number
}

/** A cache that runs: its ports lead to the handler, and to the API. */
export interface Cache extends Running {
  readonly handler: number
  readonly api: number
}

export interface CacheKind {
  readonly name: string
  readonly program: string
  /** It stores what is shared although the request has cookies, and the answer varies by `Origin`. */
  readonly storesInSpiteOfCookies: boolean
  readonly start: (upstreams: Upstreams) => Promise<Cache>
}

/** The files of a configuration, and the parameters of a program that reads it. */
interface Setup {
  readonly text: string
  readonly parameters: (file: string, folder: string) => readonly string[]
}

const isRoot = process.getuid?.() === 0

function cache(
  name: string,
  program: string,
  storesInSpiteOfCookies: boolean,
  configure: (doors: Upstreams, upstreams: Upstreams, folder: string) => Setup,
): CacheKind {
  return {
    name,
    program,
    storesInSpiteOfCookies,
    async start(upstreams) {
      const [handler = 0, api = 0] = await findFreePorts(2)
      const running = await startProgram(program, [handler, api], async (folder) => {
        const { text, parameters } = configure({ handler, api }, upstreams, folder)
        await mkdir(`${folder}/cache`)
        // Started as root, some programs serve as a user of their own.
        await chmod(folder, 0o755)
        await chmod(`${folder}/cache`, 0o777)
        await writeFile(`${folder}/configuration`, text)
        return parameters(`${folder}/configuration`, folder)
      })
      return { handler, api, ...running }
    },
  }
}

const nginx = cache('nginx proxy_cache', 'nginx', true, (doors, upstreams, folder) => {
  const server = (port: number, upstream: number) => `server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_set_header Host $http_host;
      proxy_buffer_size 16k;
      proxy_buffers 8 16k;
      proxy_cache c;
    }
  }`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return {
    text: `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid; error_log ${folder}/errors;
      events {}
      http {
        access_log off;
        ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
        proxy_cache_path ${folder}/cache keys_zone=c:1m use_temp_path=off;
        ${server(doors.handler, upstreams.handler)}
        ${server(doors.api, upstreams.api)}
      }`,
    parameters: (file) => ['-e', `${folder}/errors`, '-c', file],
  }
})

const apacheModules = ['mpm_event', 'authz_core', 'proxy', 'proxy_http', 'cache', 'cache_disk']

const apache = cache('Apache mod_cache_disk', 'apache2', true, (doors, upstreams, folder) => {
  const host = (port: number, upstream: number) => `Listen 127.0.0.1:${port}
    <VirtualHost 127.0.0.1:${port}>
      ProxyPreserveHost On
      ProxyPass / http://127.0.0.1:${upstream}/
      CacheEnable disk /
    </VirtualHost>`
  const modules = apacheModules.map(
    (module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`,
  )
  return {
    text: `${modules.join('\n')}
      ServerName cache.example
      ${isRoot ? 'User www-data\nGroup www-data' : ''}
      PidFile ${folder}/pid
      ErrorLog ${folder}/errors
      CacheRoot ${folder}/cache
      ${host(doors.handler, upstreams.handler)}
      ${host(doors.api, upstreams.api)}`,
    parameters: (file) => ['-d', folder, '-f', file, '-D', 'FOREGROUND'],
  }
})

const haproxy = cache('HAProxy cache', 'haproxy', false, (doors, upstreams) => {
  const listen = (name: string, port: number, upstream: number) => `listen ${name}
  bind 127.0.0.1:${port}
  http-request cache-use c
  http-response cache-store c
  server one 127.0.0.1:${upstream}
`
  return {
    text: `cache c
  total-max-size 4
  max-age 600
  process-vary on
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
${listen('handler', doors.handler, upstreams.handler)}${listen('api', doors.api, upstreams.api)}`,
    parameters: (file) => ['-f', file, '-db'],
  }
})

const varnish = (name: string, storesInSpiteOfCookies: boolean, more: string) =>
  cache(name, 'varnishd', storesInSpiteOfCookies, (doors, upstreams, folder) => ({
    text: `vcl 4.1;
      backend handler { .host = "127.0.0.1"; .port = "${upstreams.handler}"; }
      backend api { .host = "127.0.0.1"; .port = "${upstreams.api}"; }
      sub vcl_recv {
        if (local.socket == "api") { set req.backend_hint = api; }
        else { set req.backend_hint = handler; }
        ${more}
      }`,
    parameters: (file) => [
      '-F',
      ...flags({ n: folder, f: file, j: 'none', s: 'malloc,16m' }),
      ...flags({ a: `handler=127.0.0.1:${doors.handler}` }),
      ...flags({ a: `api=127.0.0.1:${doors.api}` }),
    ],
  }))

export const cacheKinds: readonly CacheKind[] = [
  nginx,
  apache,
  haproxy,
  varnish('Varnish as it comes', false, ''),
  varnish(
    'Varnish with the usual return (hash)',
    true,
    'if (req.method == "GET" || req.method == "HEAD") { return (hash); }',
  ),
]
