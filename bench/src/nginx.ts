// nginx to measure: bare, and with the plugin of gateways/nginx.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeProcess } from './processes.ts'
import type { ServerProcess } from './processes.ts'

const MODULES = '/usr/lib/nginx/modules'

const pluginFolder = fileURLToPath(new URL('../../gateways/nginx/token-handler', import.meta.url))

/** Whether nginx is installed here. */
export function hasNginx(): boolean {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether nginx has its Lua module here. */
export const hasPlugin = (): boolean =>
  hasNginx() && existsSync(`${MODULES}/ngx_http_lua_module.so`)

/** What is read when nginx starts; see docs/nginx.md. */
export interface PluginFiles {
  readonly settings: object
  readonly keys: object
}

/** What connects nginx to the API, whoever decides: kept connections, and nothing held back. */
const forwarding = `proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_buffering off; proxy_request_buffering off; proxy_buffer_size 16k; proxy_buffers 8 16k;`

const bare = {
  modules: '',
  http: '',
  server: `location / { proxy_pass http://api; ${forwarding} }`,
}

const withPlugin = (folder: string) => ({
  modules: `load_module ${MODULES}/ndk_http_module.so; load_module ${MODULES}/ngx_http_lua_module.so;`,
  http: `lua_shared_dict token_handler_ended 10m;
      lua_package_path "${folder}/token-handler/lib/?.lua;;";
      init_by_lua_block {
        require("token_handler").load { settings = "${folder}/settings.json", keys = "${folder}/keys.json",
          handler = "http://127.0.0.1:1" }
      }
      init_worker_by_lua_block { require("token_handler").start() }`,
  server: `include token-handler/server.conf; location /api { include token-handler/proxy.conf; }`,
})

/**
 * Starts nginx with one worker, over connections to the API that are kept alive.
 *
 * @param plugin - with these files; without, a bare `proxy_pass`
 * @param under - a command that runs it, in one process, and that command's own arguments
 */
export async function startNginx(
  upstreamPort: number,
  plugin?: PluginFiles,
  under: readonly string[] = [],
): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'token-handler-nginx-'))
  if (plugin !== undefined) {
    await symlink(pluginFolder, `${folder}/token-handler`)
    await writeFile(`${folder}/settings.json`, JSON.stringify(plugin.settings))
    await writeFile(`${folder}/keys.json`, JSON.stringify(plugin.keys))
  }
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const { modules, http, server: location } = plugin === undefined ? bare : withPlugin(folder)
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; master_process ${under.length === 0 ? 'on' : 'off'}; pid ${folder}/pid; error_log ${folder}/error.log;
    ${modules}
    events { worker_connections 1024; }
    http {
      access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      keepalive_requests 10000000; large_client_header_buffers 4 16k;
      upstream api { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 10000000; }
      ${http}
      server { listen 127.0.0.1:${port}; ${location} }
    }`
  await writeFile(`${folder}/nginx.conf`, configuration)
  const [command, ...more] = [...under, 'nginx']
  const args = [...more, '-p', folder, '-c', `${folder}/nginx.conf`]
  const child = spawn(command, args, { stdio: 'ignore' })
  const pid = child.pid ?? 0
  const worker = under.length === 0 ? await findChild(pid) : pid
  if (under.length > 0) await waitForFile(`${folder}/pid`)
  const server = describeProcess(child, worker, port)
  return {
    ...server,
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }
}

const findChild = async (pid: number): Promise<number> =>
  Number(await waitForFile(`/proc/${pid}/task/${pid}/children`))

/** Resolves with what a file of nginx holds, as soon as it holds anything. */
async function waitForFile(file: string): Promise<string> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
    if (text !== '') return text
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('nginx did not start.')
}
