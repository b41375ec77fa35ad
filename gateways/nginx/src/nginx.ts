// A real nginx with the plugin, on free ports, from a folder of its own.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findProgram, startProgram } from '../../../two-users/src/programs.ts'
import type { Running } from '../../../two-users/src/programs.ts'

/** The folder that users copy. */
export const pluginFolder = fileURLToPath(new URL('../token-handler', import.meta.url))

const MODULES = '/usr/lib/nginx/modules'

/** Relative to the folder of the configuration, as in /etc/nginx. */
const settingsFile = 'token-handler.json'
const keysFile = 'token-handler-keys.json'

/** What nginx is started with. */
export interface NginxOptions {
  readonly ports: readonly number[]
  /** What the file for `load` holds: an object, or a text that is none. */
  readonly settings: unknown
  readonly keys: unknown
  /** What belongs into the `http` context, besides loading the plugin. */
  readonly http: string | ((folder: string) => string)
  /**
   * Whether the plugin is loaded apart from {@link http}.
   * @default true
   */
  readonly loads?: boolean
  /** Where the handler is: `http://address:port`. */
  readonly handler?: string | undefined
  /** The name in its certificate. */
  readonly handlerName?: string | undefined
  /** @default 'info' */
  readonly logLevel?: 'debug' | 'info'
  /** @default 1 */
  readonly workers?: number
}

/** An nginx that runs. */
export interface Nginx extends Running {
  readonly folder: string
  /** Everything in error.log so far. */
  readonly errorLog: () => string
  /** Writes the files anew, and has nginx read them. Resolves when none but new workers take connections. */
  readonly reload: (files: Partial<Pick<NginxOptions, 'settings' | 'keys'>>) => Promise<void>
  /** The same with files that are wrong. Resolves when nginx has said so, with this text, in error.log. */
  readonly breakReload: (
    files: Partial<Pick<NginxOptions, 'settings' | 'keys'>>,
    message: string,
  ) => Promise<void>
  /** Runs `nginx -t`, and resolves with what it prints. */
  readonly test: () => Promise<string>
  /** Process ids of those that take connections. */
  readonly workers: () => readonly number[]
}

const isRoot = process.getuid?.() === 0

const asText = (content: unknown) =>
  typeof content === 'string' ? content : JSON.stringify(content)

const loading = (folder: string, { handler, handlerName }: NginxOptions) => `
      lua_shared_dict token_handler_ended 10m;
      lua_shared_dict token_handler_tokens 10m;
      lua_package_path "${folder}/token-handler/lib/?.lua;;";
      init_by_lua_block {
        require("token_handler").load {
          settings = "${folder}/${settingsFile}",
          keys = "${folder}/${keysFile}",
          ${handler === undefined ? '' : `handler = "${handler}",`}
          ${handlerName === undefined ? '' : `handler_name = "${handlerName}",`}
        }
      }
      init_worker_by_lua_block { require("token_handler").start() }`

function configurationText(folder: string, options: NginxOptions): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${isRoot ? 'user root;' : ''} daemon off; pid ${folder}/pid;
    error_log ${folder}/errors ${options.logLevel ?? 'info'};
    worker_processes ${options.workers ?? 1};
    load_module ${MODULES}/ndk_http_module.so;
    load_module ${MODULES}/ngx_http_lua_module.so;
    events { worker_connections 1024; }
    http {
      access_log off;
      ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n')}
      ${options.loads === false ? '' : loading(folder, options)}
      ${typeof options.http === 'string' ? options.http : options.http(folder)}
    }`
}

async function writeFiles(
  folder: string,
  { settings, keys }: Partial<NginxOptions>,
): Promise<void> {
  if (settings !== undefined) await writeFile(`${folder}/${settingsFile}`, asText(settings))
  if (keys !== undefined) await writeFile(`${folder}/${keysFile}`, asText(keys), { mode: 0o600 })
}

/** Children that still take connections: those that end say so in their title. */
function workersOf(folder: string): readonly number[] {
  // nginx listens before it writes down who it is.
  if (!existsSync(`${folder}/pid`)) return []
  const master = readFileSync(`${folder}/pid`, 'utf8').trim()
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? []
      const title = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
      return parent === master && title.includes('worker process\0') ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}

/**
 * Starts nginx.
 *
 * @throws {Error} with the output of an nginx that ends before it listens
 */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  let folder = ''
  const running = await startProgram('nginx', options.ports, async (own) => {
    folder = own
    await symlink(pluginFolder, `${folder}/token-handler`)
    await writeFiles(folder, options)
    await writeFile(`${folder}/nginx.conf`, configurationText(folder, options))
    return ['-e', `${folder}/errors`, '-c', `${folder}/nginx.conf`]
  })
  const workers = () => workersOf(folder)
  // It listens before it has any.
  while (workers().length < (options.workers ?? 1)) await wait(10)
  const errorLog = () => readFileSync(`${folder}/errors`, 'utf8')
  const signal = async () => {
    process.kill(Number(await readFile(`${folder}/pid`, 'utf8')), 'SIGHUP')
  }
  return {
    ...running,
    folder,
    errorLog,
    workers,
    async breakReload(files, message) {
      await writeFiles(folder, files)
      await signal()
      while (!errorLog().includes(message)) await wait(10)
    },
    async test() {
      const parameters = ['-t', '-e', `${folder}/errors`, '-c', `${folder}/nginx.conf`]
      const { stderr } = await promisify(execFile)(findProgram('nginx') ?? 'nginx', parameters)
      return stderr
    },
    async reload(files) {
      const before = workers()
      await writeFiles(folder, files)
      await signal()
      const isDone = () => workers().length > 0 && !workers().some((pid) => before.includes(pid))
      while (!isDone()) await wait(10)
    },
  }
}
