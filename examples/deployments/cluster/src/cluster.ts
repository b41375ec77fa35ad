// Everything that runs: authorization server and API, Redis, three handlers, and HAProxy in front of them.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node:child_process'
import { startLocalStack } from '@token-handler/local-stack'
import { startRedis } from '../../../../packages/reference-handler/test/redis/redis-server.ts'
import type { RedisServer } from '../../../../packages/reference-handler/test/redis/redis-server.ts'
import { startCommand } from '../../../../packages/reference-handler/test/support/command.ts'
import type { Command } from '../../../../packages/reference-handler/test/support/command.ts'
import { findFreePorts } from '../../../../packages/reference-handler/test/support/free-port.ts'
import { startTokenEndpoint } from './token-endpoint.ts'
import type { TokenEndpoint } from './token-endpoint.ts'

/** One handler, which keeps its port from one process to the next. */
export interface Instance {
  readonly signal: (signal: NodeJS.Signals) => void
  /** Ends the process with a signal. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>
  /** Starts a new process; resolves when the load balancer has had the time to notice. */
  readonly start: () => Promise<void>
  /** Writes the cookie secrets and has the process read them. */
  readonly changeSecrets: (secrets: readonly string[]) => Promise<void>
}

export interface Cluster {
  /** Of the load balancer; without a trailing slash. */
  readonly url: string
  readonly spaOrigin: string
  readonly instances: readonly Instance[]
  readonly redis: RedisServer
  readonly tokenEndpoint: TokenEndpoint
  /** Whether the process that such a name was given has been killed. */
  readonly wasKilled: (process: string) => boolean
  readonly stop: () => Promise<void>
}

/** Until HAProxy has seen twice that an instance is there, or not (ms). */
export const NOTICED = 1500

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Starts everything, on free ports. */
export async function startCluster(): Promise<Cluster> {
  const stack = await startLocalStack({
    ports: { spa: 0, handler: 0, authorizationServer: 0, api: 0, control: 0 },
    consent: false,
    log: { level: 'silent' },
  })
  const issuer = stack.urls.authorizationServer
  const tokenEndpoint = await startTokenEndpoint(issuer)
  const redis = await startRedis()
  const { client } = stack.configuration
  const settings = {
    TOKEN_HANDLER_ISSUER: issuer,
    TOKEN_HANDLER_AUTHORIZATION_ENDPOINT: `${issuer}/auth`,
    TOKEN_HANDLER_CLIENT_ID: client.id,
    TOKEN_HANDLER_CLIENT_SECRET: String(client.secret),
    TOKEN_HANDLER_REDIRECT_URI: client.redirectUri,
    TOKEN_HANDLER_SCOPE: client.scope,
    TOKEN_HANDLER_TRUSTED_ORIGINS: stack.urls.spa,
    TOKEN_HANDLER_ROUTES: `/api=${stack.urls.demoApi}`,
    TOKEN_HANDLER_REDIS_URL: redis.url,
    // Access tokens are refreshed here long before their time.
    TOKEN_HANDLER_REFRESH_FRESH_FOR: '0',
    TOKEN_HANDLER_LOG_LEVEL: 'info',
  }
  const killed = new Set<string>()
  const ports = await findFreePorts(4)
  const [port = 0, ...handlerPorts] = ports
  const instances = await Promise.all(
    handlerPorts.map((own) => startInstance(own, settings, tokenEndpoint, killed)),
  )
  const balancer = startBalancer(port, handlerPorts)
  await wait(NOTICED)

  return {
    url: `http://127.0.0.1:${port}`,
    spaOrigin: stack.urls.spa,
    instances,
    redis,
    tokenEndpoint,
    wasKilled: (process) => killed.has(process),
    async stop() {
      balancer.kill('SIGKILL')
      await Promise.all(instances.map(({ end }) => end('SIGKILL')))
      await Promise.all([redis.stop(), tokenEndpoint.stop(), stack.stop()])
    },
  }
}

let processes = 0

async function startInstance(
  port: number,
  settings: Readonly<Record<string, string>>,
  { urlFor }: TokenEndpoint,
  killed: Set<string>,
): Promise<Instance> {
  const secretsFile = join(mkdtempSync(join(tmpdir(), 'token-handler-cluster-')), 'secrets')
  writeFileSync(secretsFile, 'the cookie secret of all instances: the first one')
  let command: Command
  let name = ''
  let changes = 0

  async function start(): Promise<void> {
    name = `process-${++processes}`
    changes = 0
    command = startCommand(['serve', '--port', `${port}`], {
      ...settings,
      TOKEN_HANDLER_TOKEN_ENDPOINT: `${urlFor(name)}/token`,
      TOKEN_HANDLER_JWKS_URI: `${urlFor(name)}/jwks`,
      TOKEN_HANDLER_COOKIE_SECRETS_FILE: secretsFile,
    })
    await command.printed(/http:\/\/127\.0\.0\.1:\d+/)
  }

  await start()
  return {
    signal: (signal) => command.signal(signal),
    async end(signal) {
      if (signal === 'SIGKILL') killed.add(name)
      command.signal(signal)
      await command.ended
    },
    async start() {
      await start()
      await wait(NOTICED)
    },
    async changeSecrets(secrets) {
      changes += 1
      writeFileSync(secretsFile, secrets.join())
      command.signal('SIGHUP')
      await command.printed(new RegExp(`(?:cookie secrets reloaded[^]*){${changes}}`))
    },
  }
}

function startBalancer(port: number, [one, two, three]: readonly number[]) {
  const configuration = fileURLToPath(new URL('../haproxy.cfg', import.meta.url))
  const [PORT, PORT_ONE, PORT_TWO, PORT_THREE] = [port, one, two, three].map(String)
  const { PATH = '' } = process.env
  const balancer = spawn('haproxy', ['-q', '-f', configuration], {
    env: { PATH: `${PATH}:/usr/sbin`, PORT, PORT_ONE, PORT_TWO, PORT_THREE },
    stdio: 'ignore',
  })
  process.once('exit', () => balancer.kill('SIGKILL'))
  return balancer
}
