// The gateways of the guides, made to run on this machine: free ports in place of the guide's, and no TLS.
import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import type { GatewayName } from '@token-handler/reference-handler/forward-auth'
import {
  apacheSetup,
  caddySetup,
  configurationIn,
  haproxySetup,
  nginxSetup,
} from '../../../two-users/src/configurations.ts'
import type { Setup } from '../../../two-users/src/configurations.ts'
import { findFreePorts } from '../../../two-users/src/ports.ts'
import { isMissing, startProgram } from '../../../two-users/src/programs.ts'
import type { Running } from '../../../two-users/src/programs.ts'
import { blockOf } from './guide.ts'

/** What is behind a gateway. */
export interface Surroundings {
  readonly handlerPort: number
  readonly decisionPort: number
  readonly apiPort: number
  /** Paths of the handler's routes, which all lead to that API. */
  readonly routes: readonly string[]
}

/** A file in the folder of the program. */
type Files = Readonly<Record<string, string>>

/** A gateway of a guide. */
export interface GuideGateway {
  readonly name: GatewayName
  readonly program: string
  /** Without these it does not run either. */
  readonly needs: readonly string[]
  /** Whether it has error answers of its own, which are not JSON, for what is no HTTP to it. */
  readonly hasOwnErrors?: boolean
  /** Below which path the API of its guide is. */
  readonly upstreamPath?: string
  /** Hostile requests that it answers in a way of its own; its page has them. */
  readonly differs: readonly string[]
  readonly configure: (
    port: number,
    folder: string,
    surroundings: Surroundings,
  ) => { readonly setup: Setup; readonly files: Files }
}

const local = (text: string, { handlerPort, decisionPort, apiPort }: Surroundings): string =>
  text
    .replaceAll('127.0.0.1:3000', `127.0.0.1:${handlerPort}`)
    .replaceAll('127.0.0.1:3010', `127.0.0.1:${decisionPort}`)
    .replaceAll('orders.internal:8080', `127.0.0.1:${apiPort}`)

const includes = ['handler', 'connection', 'request', 'answer', 'error'].map(
  (name) => `token-handler-${name}.conf`,
)

/** @param page - whose site it is; the included files are those of the first page */
const nginx =
  (page: string): GuideGateway['configure'] =>
  (port, folder, surroundings) => {
    const { routes } = surroundings
    const site = local(blockOf(page, 'token-handler.conf'), surroundings)
      .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
      .replaceAll(/ssl_certificate.*\n/g, '')
      .replace('/api orders.internal;', routes.map((path) => `${path} orders.internal;`).join('\n'))
    const files = Object.fromEntries(includes.map((name) => [name, blockOf('nginx', name)]))
    return { setup: nginxSetup(site, folder), files }
  }

/** nginx and others read what follows a request once the answer is complete, and not before. */
const readsLater = [
  'what follows it',
  'a CONNECT that follows it',
  'what follows one that waits behind it',
]

/** nginx closes a connection whose body breaks off, and answers TRACE itself, with 405. */
const nginxDiffers = [
  ...readsLater,
  'is answered when it breaks off while the upstream has yet to answer',
  'TRACE /oauth-agent/session',
]

export const guideGateways: readonly GuideGateway[] = [
  { name: 'nginx', program: 'nginx', needs: [], differs: nginxDiffers, configure: nginx('nginx') },
  // It reads bodies whole, so nothing of one that breaks off reaches the API.
  {
    name: 'nginx-x-accel',
    program: 'nginx',
    needs: [],
    differs: [...nginxDiffers, 'its chunks'],
    configure: nginx('nginx-x-accel'),
  },
  {
    name: 'caddy',
    program: 'caddy',
    upstreamPath: '/api',
    needs: [],
    hasOwnErrors: true,
    // It leaves out a line without a name, takes a folded line for one line, and the chunks for the length; it reads
    // bodies on its own, and closes after what is no request. Methods that nobody knows are the handler's affair.
    differs: [
      ...readsLater,
      'an unknown method',
      'a header without a name',
      'a folded header',
      'a length and chunks',
      'its chunks',
      'is answered when it follows an answer that is complete',
      'is answered when it breaks off while the upstream has yet to answer',
    ],
    configure(port, folder, surroundings) {
      const site = local(blockOf('caddy', 'Caddyfile'), surroundings)
        .replace('^/api(/|$)', `^(${surroundings.routes.join('|')})(/|$)`)
        .replace('https://api.example.com {', `http://:${port} {\n  bind 127.0.0.1`)
      const global = '{\n  admin off\n  auto_https off\n}\n'
      return { setup: caddySetup(global + site, folder), files: {} }
    },
  },
  {
    name: 'haproxy',
    program: 'haproxy',
    needs: [],
    hasOwnErrors: true,
    // It takes a folded line for one line, and the chunks for the length; and closes after what is no request.
    differs: [
      ...readsLater,
      'a folded header',
      'a length and chunks',
      'is answered when it follows an answer that is complete',
    ],
    configure(port, folder, surroundings) {
      const text = local(blockOf('haproxy', 'haproxy.cfg'), surroundings)
        .replace('-m str /api }', `-m str ${surroundings.routes.join(' ')} }`)
        .replace(/bind :443.*/, `bind 127.0.0.1:${port}`)
        .replaceAll('/etc/haproxy/', `${folder}/`)
      const script = local(blockOf('haproxy', 'token-handler.lua'), surroundings)
      return {
        setup: haproxySetup(text, folder),
        files: { 'token-handler.lua': script, '400.http': blockOf('haproxy', '400.http') },
      }
    },
  },
  {
    name: 'apache',
    program: 'apache2',
    needs: ['/usr/lib/apache2/modules/mod_lua.so', '/usr/share/lua/5.3/socket.lua'],
    hasOwnErrors: true,
    // It takes a folded line for one line, and the chunks for the length; it waits for the rest of a body, and closes
    // after what is no request.
    differs: [
      ...readsLater,
      'a folded header',
      'a length and chunks',
      'its chunks',
      'is answered when it follows an answer that is complete',
      'is answered when it breaks off while the upstream has yet to answer',
    ],
    configure(port, folder, surroundings) {
      const text = local(blockOf('apache', 'token-handler.conf'), surroundings)
        .replace('<VirtualHost *:443>', `Listen 127.0.0.1:${port}\n<VirtualHost *:${port}>`)
        .replaceAll(/^\s*SSL.*\n/gm, '')
        .replaceAll('/etc/apache2/token-handler.lua', `${folder}/token-handler.lua`)
      const lua = local(blockOf('apache', 'token-handler.lua'), surroundings)
      const script = lua
        .replaceAll('/etc/apache2/', `${folder}/`)
        .replace(/\["\/api"\] = ("[^"]+")/, (_found, api: string) =>
          surroundings.routes.map((path) => `["${path}"] = ${api}`).join(', '),
        )
      const setup = apacheSetup(['lua', 'proxy_wstunnel'], text, folder)
      return { setup, files: { 'token-handler.lua': script } }
    },
  },
]

/** Whether the tests of a gateway have to be skipped; says so in the output. With REQUIRE_PROGRAMS they run, and fail. */
export function isGatewayMissing({ program, needs }: GuideGateway): boolean {
  if (isMissing(program)) return true
  const missing = needs.find((file) => !existsSync(file))
  if (missing === undefined || process.env['REQUIRE_PROGRAMS']) return false
  process.stdout.write(`skipped: there is no ${missing} on this machine\n`)
  return true
}

/** Starts a gateway of a guide. */
export async function startGateway(
  { program, configure }: GuideGateway,
  surroundings: Surroundings,
): Promise<Running & { readonly port: number; readonly folder: string }> {
  const [port = 0] = await findFreePorts(1)
  let folder = ''
  const running = await startProgram(program, [port], async (own) => {
    folder = own
    await chmod(folder, 0o755)
    const { setup, files } = configure(port, folder, surroundings)
    for (const [name, text] of Object.entries(files)) await writeFile(`${folder}/${name}`, text)
    await writeFile(configurationIn(folder), setup.text)
    return setup.parameters
  })
  return { port, folder, ...running }
}
