// Five caches as they stand in front of APIs, each with two doors: to the handler, and to the API itself.
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import {
  apacheSetup,
  configurationIn,
  haproxySetup,
  nginxSetup,
  varnishSetup,
} from './configurations.ts'
import type { Setup } from './configurations.ts'
import { findFreePorts } from './ports.ts'
import { startProgram } from './programs.ts'
import type { Running } from './programs.ts'

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
        await writeFile(configurationIn(folder), text)
        return parameters
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
  const text = `proxy_cache_path ${folder}/cache keys_zone=c:1m use_temp_path=off;
    ${server(doors.handler, upstreams.handler)}
    ${server(doors.api, upstreams.api)}`
  return nginxSetup(text, folder)
})

const apache = cache('Apache mod_cache_disk', 'apache2', true, (doors, upstreams, folder) => {
  const host = (port: number, upstream: number) => `Listen 127.0.0.1:${port}
    <VirtualHost 127.0.0.1:${port}>
      ProxyPreserveHost On
      ProxyPass / http://127.0.0.1:${upstream}/
      CacheEnable disk /
    </VirtualHost>`
  const text = `CacheRoot ${folder}/cache
    ${host(doors.handler, upstreams.handler)}
    ${host(doors.api, upstreams.api)}`
  return apacheSetup(['cache', 'cache_disk'], text, folder)
})

const haproxy = cache('HAProxy cache', 'haproxy', false, (doors, upstreams, folder) => {
  const listen = (name: string, port: number, upstream: number) => `listen ${name}
  bind 127.0.0.1:${port}
  http-request cache-use c
  http-response cache-store c
  server one 127.0.0.1:${upstream}
`
  const text = `cache c
  total-max-size 4
  max-age 600
  process-vary on
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
${listen('handler', doors.handler, upstreams.handler)}${listen('api', doors.api, upstreams.api)}`
  return haproxySetup(text, folder)
})

const varnish = (name: string, storesInSpiteOfCookies: boolean, more: string) =>
  cache(name, 'varnishd', storesInSpiteOfCookies, (doors, upstreams, folder) => {
    const text = `vcl 4.1;
      backend handler { .host = "127.0.0.1"; .port = "${upstreams.handler}"; }
      backend api { .host = "127.0.0.1"; .port = "${upstreams.api}"; }
      sub vcl_recv {
        if (local.socket == "api") { set req.backend_hint = api; }
        else { set req.backend_hint = handler; }
        ${more}
      }`
    const listeners = [`handler=127.0.0.1:${doors.handler}`, `api=127.0.0.1:${doors.api}`]
    return varnishSetup(text, listeners, folder)
  })

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
