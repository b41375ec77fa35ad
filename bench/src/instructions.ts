// How many instructions the proxy executes per request, beside its peers: unlike CPU time, it does not depend on what
// else the machine does. With valgrind it takes half an hour.
import { countInstructions, instructionCounter } from './instruction-counts.ts'
import type { InstructionCount } from './instruction-counts.ts'
import { hasNginx, startNginx } from './nginx.ts'
import { installPeers } from './peers.ts'
import { startServer } from './processes.ts'
import { print, printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

const COLD_COOKIES = 1500
const WARM_UP = Number(process.env['WARM_UP'] ?? 25_000)
const REQUESTS = Number(process.env['REQUESTS'] ?? 10_000)

const peers = installPeers()
const upstream = await startServer('upstream')
const authorizationServer = await startServer('authorization-server')
const settings = {
  UPSTREAM: upstream.url,
  ISSUER: authorizationServer.url,
  LOG_LEVEL: 'warn',
  PEERS: peers?.folder ?? '',
}
const agent = await startServer('handler', settings)
const cookies = await collectCookies(`${agent.url}/oauth-agent`, COLD_COOKIES)
const one = cookies.slice(0, 1)

const count = (start: (under: readonly string[]) => ReturnType<typeof startServer>, sent = one) =>
  countInstructions({ start, cookies: sent, warmUp: WARM_UP, requests: REQUESTS })
const ours = (name: string) => (under: readonly string[]) => startServer(name, settings, { under })

try {
  const off = await count(ours('forwarder'))
  const rows: [string, InstructionCount][] = [
    ['handler, authorization off', off],
    ['handler, warm: one session', await count(ours('handler'))],
    ['handler, cold: each cookie unknown', await count(ours('handler'), cookies)],
  ]
  if (peers === undefined)
    print('Skipped: @fastify/http-proxy, because npm cannot install it here.')
  else rows.push([`${peers.httpProxy}, no authorization`, await count(ours('http-proxy'))])
  if (!hasNginx()) print('Skipped: nginx, because it is not installed here.')
  else {
    const nginx = (under: readonly string[]) => startNginx(upstream.port, undefined, under)
    rows.push(['nginx, bare proxy_pass', await count(nginx)])
  }
  const title = `Instructions per request, ${REQUESTS} of 1 kB after ${WARM_UP}, counted by ${instructionCounter()}`
  printTable(title, [
    ['', 'main thread', 'ratio', 'all threads', 'ratio'],
    ...rows.map(([name, { main, all }]) => [
      name,
      round(main, 0),
      round(main / off.main, 2),
      round(all, 0),
      round(all / off.all, 2),
    ]),
  ])
} finally {
  for (const server of [agent, authorizationServer, upstream]) await server.stop()
  peers?.remove()
}
