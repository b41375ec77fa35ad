// The benchmark: what the proxy costs per request, beside others in the same run.
import { cpus } from 'node:os'
import { measureOperations } from './agent-operations.ts'
import { measure } from './measure.ts'
import type { Variant } from './measure.ts'
import { sampleMemory } from './memory.ts'
import { installPeers } from './peers.ts'
import { hasNginx, startNginx, startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

/** More than the proxy keeps opened, so that taking them in turn finds none of them open. */
const COLD_COOKIES = 1500

const rounds = Number(process.env['ROUNDS'] ?? 9)
const memoryRequests = Number(process.env['MEMORY_REQUESTS'] ?? 200_000)

const running: ServerProcess[] = []
const start = async (starting: Promise<ServerProcess>) => {
  const server = await starting
  running.push(server)
  return server
}

const peers = installPeers()
const upstream = await start(startServer('upstream'))
const authorizationServer = await start(startServer('authorization-server'))
const settings = {
  UPSTREAM: upstream.url,
  ISSUER: authorizationServer.url,
  LOG_LEVEL: 'warn',
  PEERS: peers?.folder ?? '',
}

const off = await start(startServer('forwarder', settings))
const warm = await start(startServer('handler', settings))
const cold = await start(startServer('handler', settings))
const logging = await start(startServer('handler', { ...settings, LOG_LEVEL: 'info' }))
// From a process of its own: what an agent remembers of so many refreshes is no part of the proxy.
const agent = await start(startServer('handler', settings))
const cookies = await collectCookies(`${agent.url}/oauth-agent`, COLD_COOKIES)
const [cookie = ''] = cookies

const variants: Variant[] = [
  { name: 'handler, authorization off', server: off, cookies: [cookie] },
  { name: 'handler, warm: one session', server: warm, cookies: [cookie] },
  { name: 'handler, cold: each cookie unknown', server: cold, cookies },
  { name: 'handler, warm, a log line each', server: logging, cookies: [cookie] },
]
if (peers === undefined) print('Skipped: @fastify/http-proxy, because npm cannot install it here.')
else {
  const server = await start(startServer('http-proxy', settings))
  variants.push({ name: `${peers.httpProxy}, no authorization`, server, cookies: [cookie] })
}
if (!hasNginx()) print('Skipped: nginx, because it is not installed here.')
else {
  const server = await start(startNginx(upstream.port))
  variants.push({ name: 'nginx, bare proxy_pass', server, cookies: [cookie] })
}

try {
  print(
    `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores`,
  )
  for (const [size, requests] of [
    ['1k', 3000],
    ['100k', 1500],
  ] as const) {
    const figures = await measure(variants, { path: `/api/${size}`, rounds, requests })
    printTable(`Answers of ${size}B, ${rounds} rounds of ${requests} requests each, medians`, [
      ['', 'CPU µs/request', 'ratio', 'requests/s'],
      ...figures.map(({ name, cpuTime, ratio, requestsPerSecond }) => [
        name,
        round(cpuTime, 1),
        round(ratio, 2),
        round(requestsPerSecond, 0),
      ]),
    ])
  }
  printTable('The agent, eight users at a time', [
    ['', 'CPU µs/operation', 'operations/s'],
    ...(await measureOperations(agent, 1000)).map(({ name, cpuTime, perSecond }) => [
      name,
      round(cpuTime, 0),
      round(perSecond, 0),
    ]),
  ])
  printTable(`Memory, one session`, [
    ['requests', 'RSS MB', 'open files'],
    ...(await sampleMemory(warm, [cookie], memoryRequests)).map(
      ({ requests, megabytes, openFiles }) => [
        String(requests),
        String(megabytes),
        String(openFiles),
      ],
    ),
  ])
} finally {
  for (const server of running.toReversed()) await server.stop()
  peers?.remove()
}
