// How many instructions the proxy executes per request, counted by valgrind: unlike CPU time, it does not
// depend on what else the machine does. Takes a quarter of an hour.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLoad } from './load.ts'
import { startServer } from './processes.ts'
import type { ServerProcess } from './processes.ts'
import { printTable, round } from './report.ts'
import { collectCookies } from './sign-in.ts'

const COLD_COOKIES = 1500
const WARM_UP = Number(process.env['WARM_UP'] ?? 25_000)
const REQUESTS = Number(process.env['REQUESTS'] ?? 10_000)

/** Instructions of a server since they were counted from zero, per request. */
interface Count {
  /** Of the thread that runs JavaScript, with its share of collecting garbage. */
  readonly main: number
  /** And of those that compile and collect garbage beside it. */
  readonly all: number
}

const folder = mkdtempSync(join(tmpdir(), 'token-handler-instructions-'))
const upstream = await startServer('upstream')
const authorizationServer = await startServer('authorization-server')
const settings = { UPSTREAM: upstream.url, ISSUER: authorizationServer.url, LOG_LEVEL: 'warn' }
const agent = await startServer('handler', settings)
const cookies = await collectCookies(`${agent.url}/oauth-agent`, COLD_COOKIES)
const one = cookies.slice(0, 1)

const control = (command: '--zero' | '--dump', { pid }: ServerProcess) =>
  execFileSync('callgrind_control', [command, String(pid)], { stdio: 'ignore' })

/** Reads the dumps, which valgrind names by the thread they are of. */
function readDumps(name: string): Count {
  const totals = readdirSync(folder)
    .filter((file) => file.startsWith(`${name}.1-`))
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'latin1')
      return Number(/^summary: (\d+)/m.exec(text)?.[1] ?? 0) / REQUESTS
    })
  return { main: totals[0] ?? NaN, all: totals.reduce((sum, total) => sum + total, 0) }
}

async function count(name: string, server: string, sent: readonly string[]): Promise<Count> {
  const valgrind = [
    'valgrind',
    '--tool=callgrind',
    '--separate-threads=yes',
    '--smc-check=all-non-file',
    `--callgrind-out-file=${join(folder, name)}`,
  ]
  const counted = await startServer(server, settings, valgrind)
  const load = createLoad(counted.url, { path: '/api/1k', cookies: sent, concurrency: 32 })
  await load.send(WARM_UP)
  control('--zero', counted)
  await load.send(REQUESTS)
  control('--dump', counted)
  // It dumps when its threads next run, before it answers the next request.
  await load.send(1)
  await load.close()
  await counted.stop()
  return readDumps(name)
}

try {
  const rows = [
    ['handler, authorization off', await count('off', 'forwarder', one)],
    ['handler, warm: one session', await count('warm', 'handler', one)],
    ['handler, cold: each cookie unknown', await count('cold', 'handler', cookies)],
  ] as const
  const off = rows[0][1]
  printTable(`Instructions per request, ${REQUESTS} of 1 kB after ${WARM_UP}`, [
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
  rmSync(folder, { recursive: true })
}
