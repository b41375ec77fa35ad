// The benchmark of gateways: CPU time of the process that decides and forwards, side by side in one run.
import type { Configuration } from '@token-handler/reference-handler'
import { gatewayKeysOf } from '../../packages/reference-handler/src/cli/gateway-keys.ts'
import { gatewaySettingsOf } from '../../packages/reference-handler/src/cli/gateway-settings.ts'
import { sealerOf } from '../../packages/reference-handler/src/sealing/configured-sealer.ts'
import { sealProxyCookie } from '../../packages/reference-handler/src/sealing/proxy-cookie.ts'
import { measure } from './measure.ts'
import type { Plan, Variant } from './measure.ts'
import { hasNginx, hasPlugin, startNginx } from './nginx.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { benchConfiguration } from './servers/configuration.ts'
import { collectCookies } from './sign-in.ts'

/** More than the plugin keeps opened, so that taking them in turn finds none of them open. */
const COLD_COOKIES = 3000

/** Bytes of a body. */
const UPLOAD = 100_000

/** Requests of a turn, and those to each process before anything counts. */
const REQUESTS = 600
const WARM_UP = Number(process.env['WARM_UP'] ?? 10_000)

const rounds = Number(process.env['ROUNDS'] ?? 30)
const asJson = process.argv.includes('--json')

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
  const files = filesOf(configuration)
  const nginx = (plugin?: typeof files) => start(startNginx(upstream.port, plugin), MEASURED)

  const bare: Variant = { name: 'nginx bare', servers: [await nginx()], cookies: one }
  const warm: Variant = {
    name: 'nginx plugin warm',
    servers: [await nginx(files)],
    cookies: one,
  }
  const fastify: Variant = { name: 'fastify handler warm', servers: [handler], cookies: one }
  const followed: Configuration = {
    ...configuration,
    redis: { ...configuration.redis, url: 'redis://unused' },
  }
  const variants = [
    bare,
    warm,
    { name: 'nginx plugin cold', servers: [await nginx(files)], cookies },
    {
      name: 'nginx plugin warm, ended sessions followed',
      servers: [await nginx(filesOf(followed))],
      cookies: [await sealMarkedCookie(followed)],
    },
    fastify,
  ]
  await report('Answers of 1 kB', variants, { path: '/api/1k', warmUp: WARM_UP })
  const larger = [bare, warm, fastify]
  await report('Answers of 100 kB', larger, { path: '/api/100k', warmUp: REQUESTS })
  const upload = { path: '/api/1k', upload: UPLOAD, warmUp: REQUESTS }
  await report('Uploads of 100 kB', larger, upload)
}

/** What `token-handler gateway` and `token-handler keys` print. */
function filesOf(configuration: Configuration) {
  const deployment = { kind: 'single', configuration } as const
  return { settings: gatewaySettingsOf(deployment), keys: gatewayKeysOf(deployment) }
}

/** The `Cookie` header of a session that can be ended from elsewhere: as long as the others, and with its marks. */
async function sealMarkedCookie(configuration: Configuration): Promise<string> {
  const [issuedAt, marks] = [Date.now(), ['AAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBB']]
  const value = await sealProxyCookie(sealerOf(configuration, {}), {
    accessToken: 'x'.repeat(1200),
    issuedAt,
    expiresAt: issuedAt + 3_600_000,
    session: { startedAt: issuedAt, marks },
  })
  return `__Host-Http-th-at=${value}`
}

async function report(
  title: string,
  variants: readonly Variant[],
  plan: Pick<Plan, 'path' | 'upload' | 'warmUp'>,
): Promise<void> {
  const figures = await measure(variants, { ...plan, rounds, requests: REQUESTS })
  if (asJson) {
    const suffix = title === 'Answers of 1 kB' ? '' : `, ${title.toLowerCase()}`
    for (const { name, cpuTime, ratio } of figures) {
      const cost = { cpu_us: Number(round(cpuTime, 1)), ratio: Number(round(ratio, 2)) }
      print(JSON.stringify({ subject: name + suffix, ...cost }))
    }
    return
  }
  printTable(`${title}, the calmer half of ${rounds} rounds of ${REQUESTS} requests`, [
    ['', 'CPU µs/request', 'ratio', 'requests/s'],
    ...figures.map(({ name, cpuTime, ratio, requestsPerSecond }) => [
      name,
      round(cpuTime, 1),
      round(ratio, 2),
      round(requestsPerSecond, 0),
    ]),
  ])
}

if (!hasNginx() || !hasPlugin()) {
  process.stderr.write('Skipped: there is no nginx with libnginx-mod-http-lua on this machine.\n')
  if (process.env['REQUIRE_PROGRAMS']) process.exitCode = 1
} else {
  pin(process.pid, MEASURING)
  try {
    await measureGateways()
  } finally {
    await stopAll()
  }
}
