// Instructions of a server per request: by the processor's own counters where the system lets us read them, and
// otherwise by valgrind, which runs the server fifty times slower.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLoad } from './load.ts'
import type { ServerProcess } from './processes.ts'

/** Instructions of a server in user mode, per request. */
export interface InstructionCount {
  /** Of the first thread: in Node, the one that runs JavaScript, with its share of collecting garbage. */
  readonly main: number
  /** And of those that compile and collect garbage beside it. */
  readonly all: number
}

/** What is counted. */
export interface Counted {
  /** Starts the server, under a command if there is one. */
  readonly start: (under: readonly string[]) => Promise<ServerProcess>
  readonly cookies: readonly string[]
  /** Requests before anything is counted. */
  readonly warmUp: number
  readonly requests: number
}

const EVENT = 'instructions:u'

/** Counts with what this machine has. */
export function countInstructions(counted: Counted): Promise<InstructionCount> {
  return hasCounters() ? countWithPerf(counted) : countWithValgrind(counted)
}

/** What counts here. */
export const instructionCounter = (): string => (hasCounters() ? 'perf' : 'valgrind')

/** Virtual machines seldom have them. */
function hasCounters(): boolean {
  const { status, stderr } = spawnSync('perf', ['stat', '-x,', '-e', EVENT, 'true'], {
    encoding: 'utf8',
  })
  return status === 0 && /^\d+,/m.test(stderr)
}

async function countWithPerf({
  start,
  cookies,
  warmUp,
  requests,
}: Counted): Promise<InstructionCount> {
  const server = await start([])
  const load = createLoad(server.url, { path: '/api/1k', cookies, concurrency: 32 })
  await load.send(warmUp)
  const args = ['stat', '-x,', '-e', EVENT, '--per-thread', '-p', String(server.pid)]
  const perf = spawn('perf', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  perf.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
  })
  await once(perf, 'spawn')
  await load.send(requests)
  perf.kill('SIGINT')
  await once(perf, 'close')
  await load.close()
  await server.stop()
  // `<name>-<thread>,<count>,,…`
  const threads = [...text.matchAll(/-(\d+),(\d+),/g)].map(([, thread, count]) => ({
    isMain: Number(thread) === server.pid,
    count: Number(count) / requests,
  }))
  return {
    main: threads.find(({ isMain }) => isMain)?.count ?? NaN,
    all: threads.reduce((sum, { count }) => sum + count, 0),
  }
}

async function countWithValgrind(counted: Counted): Promise<InstructionCount> {
  const { start, cookies, warmUp, requests } = counted
  const folder = mkdtempSync(join(tmpdir(), 'token-handler-instructions-'))
  const server = await start([
    'valgrind',
    '--tool=callgrind',
    '--separate-threads=yes',
    '--smc-check=all-non-file',
    `--callgrind-out-file=${join(folder, 'counted')}`,
  ])
  const control = (command: '--zero' | '--dump') =>
    execFileSync('callgrind_control', [command, String(server.pid)], { stdio: 'ignore' })
  try {
    const load = createLoad(server.url, { path: '/api/1k', cookies, concurrency: 32 })
    await load.send(warmUp)
    control('--zero')
    await load.send(requests)
    control('--dump')
    // It dumps when its threads next run, before it answers the next request.
    await load.send(1)
    await load.close()
    await server.stop()
    const totals = readDumps(folder).map((total) => total / requests)
    return { main: totals[0] ?? NaN, all: totals.reduce((sum, total) => sum + total, 0) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Of each thread, in their order: valgrind names the dumps by it. */
const readDumps = (folder: string): readonly number[] =>
  readdirSync(folder)
    .filter((file) => /^counted\.1(?:-|$)/.test(file))
    .toSorted()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'latin1')
      return Number(/^summary: (\d+)/m.exec(text)?.[1] ?? 0)
    })
