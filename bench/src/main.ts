// The benchmark: what the proxy costs per request, beside others in the same run.
import { cpus } from 'node:os'
import { measure } from './measure.ts'
import type { Variant } from './measure.ts'
import { sampleMemory } from './memory.ts'
import { installPeers } from './peers.ts'
import { hasNginx, startNginx } from './nginx.ts'
import { MEASURED, MEASURING, start, stopAll } from './cores.ts'
import { pin, startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

/** More than the proxy keeps opened, so that taking them in turn finds none of them open. */
const COLD_COOKIES = 1500

/** Requests to each process until it has compiled what it does often, in most runs. */
const WARM_UP = 20_000

/** Requests of a turn: enough for connections and caches to matter little, few enough for calm ones. */
const REQUESTS = 600

const rounds = Number(process.env['ROUNDS'] ?? 40)
const memoryRequests = Number(process.env['MEMORY_REQUESTS'] ?? 200_000)

pin(process.pid, MEASURING)

const peers = installPeers()
const upstream = await start(startServer('upstream'), MEASURING)
const authorizationServer = await start(startServer('authorization-server'), MEASURING)
const settings = {
  UPSTREAM: upstream.url,
  ISSUER: authorizationServer.url,
  LOG_LEVEL: 'warn',
  PEERS: peers?.folder ?? '',
}
const startMeasured = (name: string, own: Readonly<Record<string, string>> = {}) =>
  start(startServer(name, { ...settings, ...own }), MEASURED)

/** Processes of each variant. */
const PROCESSES = 3

async function startTeam(
  name: string,
  own: Readonly<Record<string, string>> = {},
): Promise<ServerProcess[]> {
  const team: ServerProcess[] = []
  while (team.length < PROCESSES) team.push(await startMeasured(name, own))
  return team
}

// From a process of its own: what an agent remembers of so many refreshes is no part of the proxy.
const agent = await startMeasured('handler')
const cookies = await collectCookies(`${agent.url}/oauth-agent`, COLD_COOKIES)
const one = cookies.slice(0, 1)

const off = await startTeam('forwarder')
const offAgain = await startTeam('forwarder')
const warm = await startTeam('handler')
const cold = await startTeam('handler')
const audience = await startTeam('handler', { AUDIENCE: 'bench' })
const logging = await startTeam('handler', { LOG_LEVEL: 'info' })
const variants: Variant[] = [
  { name: 'handler, authorization off', servers: off, cookies: one },
  { name: 'the same, each cookie unknown', servers: offAgain, cookies },
  { name: 'handler, warm: one session', servers: warm, cookies: one },
  { name: 'handler, cold: each cookie unknown', servers: cold, cookies },
  { name: 'handler, warm, for an audience', servers: audience, cookies: one },
  { name: 'handler, warm, a log line each', servers: logging, cookies: one },
]
if (peers === undefined) print('Skipped: @fastify/http-proxy, because npm cannot install it here.')
else {
  const servers = await startTeam('http-proxy')
  variants.push({ name: `${peers.httpProxy}, no authorization`, servers, cookies: one })
}
if (!hasNginx()) print('Skipped: nginx, because it is not installed here.')
else {
  const server = await start(startNginx(upstream.port), MEASURED)
  variants.push({ name: 'nginx, bare proxy_pass', servers: [server], cookies: one })
}

try {
  print(
    `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`,
  )
  for (const [size, warmUp] of [
    ['1k', WARM_UP],
    ['100k', REQUESTS],
  ] as const) {
    const plan = { path: `/api/${size}`, warmUp, rounds, requests: REQUESTS }
    const figures = await measure(variants, plan)
    printTable(
      `Answers of ${size}B, the calmer half of ${rounds} rounds of ${REQUESTS} requests to each process`,
      [
        ['', 'CPU µs/request', 'ratio', 'requests/s'],
        ...figures.map(({ name, cpuTime, ratio, requestsPerSecond }) => [
          name,
          round(cpuTime, 1),
          round(ratio, 2),
          round(requestsPerSecond, 0),
        ]),
      ],
    )
  }
  printTable(`Memory, one session`, [
    ['requests', 'RSS MB', 'open files'],
    ...(await sampleMemory(await startMeasured('handler'), one, memoryRequests)).map(
      ({ requests, megabytes, openFiles }) => [
        String(requests),
        String(megabytes),
        String(openFiles),
      ],
    ),
  ])
} finally {
  await stopAll()
  peers?.remove()
}
