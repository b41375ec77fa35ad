// The benchmark of gateways: CPU time of the process that decides and forwards, side by side in one run.
import { gatewayKeysOf } from '../../packages/reference-handler/src/cli/gateway-keys.ts'
import { gatewaySettingsOf } from '../../packages/reference-handler/src/cli/gateway-settings.ts'
import { measure } from './measure.ts'
import type { Variant } from './measure.ts'
import { hasNginx, hasPlugin, startNginx } from './nginx.ts'
import { pin, startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { benchConfiguration } from './servers/configuration.ts'
import { collectCookies } from './sign-in.ts'

/** More than the plugin keeps opened, so that taking them in turn finds none of them open. */
const COLD_COOKIES = 3000

/** Requests of a turn, and those to each process before anything counts. */
const REQUESTS = 600
const WARM_UP = Number(process.env['WARM_UP'] ?? 10_000)

const rounds = Number(process.env['ROUNDS'] ?? 30)
const asJson = process.argv.includes('--json')

/** One core for what is measured, the other for what it is measured with. */
const [MEASURED, MEASURING] = [1, 0]
const running: ServerProcess[] = []
async function start(starting: Promise<ServerProcess>, core: number): Promise<ServerProcess> {
  const server = await starting
  running.push(server)
  pin(server.pid, core)
  return server
}

async function measureGateways(): Promise<void> {
  const upstream = await start(startServer('upstream'), MEASURING)
  const authorizationServer = await start(startServer('authorization-server'), MEASURING)
  const [issuer, api] = [authorizationServer.url, 'http://api']
  const own = { UPSTREAM: upstream.url, ISSUER: issuer, LOG_LEVEL: 'warn' }
  const handler = await start(startServer('handler', own), MEASURED)
  const agent = await start(startServer('handler', own), MEASURING)
  const cookies = await collectCookies(`${agent.url}/oauth-agent`, COLD_COOKIES)
  const one = cookies.slice(0, 1)

  const configuration = benchConfiguration({ issuer, upstream: api })
  const deployment = { kind: 'single', configuration } as const
  const files = { settings: gatewaySettingsOf(deployment), keys: gatewayKeysOf(deployment) }
  const nginx = (plugin?: typeof files) => start(startNginx(upstream.port, plugin), MEASURED)

  const variants: Variant[] = [
    { name: 'nginx bare', servers: [await nginx()], cookies: one },
    { name: 'nginx plugin warm', servers: [await nginx(files)], cookies: one },
    { name: 'nginx plugin cold', servers: [await nginx(files)], cookies },
    { name: 'fastify handler warm', servers: [handler], cookies: one },
  ]
  for (const [size, warmUp] of [
    ['1k', WARM_UP],
    ['100k', REQUESTS],
  ] as const) {
    if (asJson && size !== '1k') continue
    const plan = { path: `/api/${size}`, warmUp, rounds, requests: REQUESTS }
    const figures = await measure(variants, plan)
    if (asJson) {
      for (const { name: subject, cpuTime, ratio } of figures) {
        const line = { subject, cpu_us: Number(round(cpuTime, 1)), ratio: Number(round(ratio, 2)) }
        print(JSON.stringify(line))
      }
    } else {
      printTable(`Answers of ${size}B, the calmer half of ${rounds} rounds of ${REQUESTS} requests`, [
        ['', 'CPU µs/request', 'ratio', 'requests/s'],
        ...figures.map(({ name, cpuTime, ratio, requestsPerSecond }) => [
          name,
          round(cpuTime, 1),
          round(ratio, 2),
          round(requestsPerSecond, 0),
        ]),
      ])
    }
  }
}

if (!hasNginx() || !hasPlugin()) {
  process.stderr.write('Skipped: there is no nginx with libnginx-mod-http-lua on this machine.\n')
  if (process.env['REQUIRE_PROGRAMS']) process.exitCode = 1
} else {
  pin(process.pid, MEASURING)
  try {
    await measureGateways()
  } finally {
    for (const server of running.toReversed()) await server.stop()
  }
}
