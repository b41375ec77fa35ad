// Measuring subjects against one of them: each in pairs of turns, so that whatever slows the machine slows both.
import { createLoad } from './load.ts'
import type { Load } from './load.ts'
import { estimateRatio, mean, median } from './paired-ratios.ts'
import type { Estimate } from './paired-ratios.ts'
import type { ServerProcess } from './processes.ts'

/** A server to measure. */
export interface Subject {
  readonly name: string
  /** Starts another process of it. */
  readonly start: () => Promise<ServerProcess>
  readonly cookies: readonly string[]
}

/** How much is measured. */
export interface PairsPlan {
  readonly path: string
  /** Processes of each subject, one after the other. */
  readonly processes: number
  /** Pairs of turns of each process. */
  readonly pairs: number
  /** Requests of a turn. */
  readonly requests: number
  /** Requests to each process before anything is measured, until it has compiled what it does often. */
  readonly warmUp: number
}

/** What a subject costs; the ratio is to the first of them. */
export interface PairedFigures extends Estimate {
  readonly name: string
  /** Microseconds per request. */
  readonly cpuTime: number
}

const CONCURRENCY = 32

/** Pairs before those that count: what waited while others were warmed up is slow again for its first turns. */
const WARM_UP_PAIRS = 3

interface Runner {
  readonly server: ServerProcess
  readonly load: Load
  /** Of each turn, in microseconds per request. */
  readonly turns: number[]
  /** Of each pair. */
  readonly ratios: number[]
}

/**
 * Measures all subjects; the first is what the others are compared with. Each process of a subject is paired with a
 * process of the first that was started at the same time.
 */
export async function measureInPairs(
  subjects: readonly Subject[],
  plan: PairsPlan,
): Promise<PairedFigures[]> {
  const runners: Runner[][] = []
  while (runners.length < plan.processes) runners.push(await measureOnce(subjects, plan))
  return subjects.map(({ name }, index) => {
    const own = runners.flatMap((block) => block[index] ?? [])
    const cpuTime = mean(own.map(({ turns }) => median(turns)))
    const isFirst = index === 0
    const estimate = isFirst
      ? { ratio: 1, low: 1, high: 1 }
      : estimateRatio(own.map(({ ratios }) => ratios))
    return { name, cpuTime, ...estimate }
  })
}

/** One process of each subject, from its start to its end. */
async function measureOnce(
  subjects: readonly Subject[],
  { path, pairs, requests, warmUp }: PairsPlan,
): Promise<Runner[]> {
  const runners: Runner[] = []
  try {
    for (const { start, cookies } of subjects) {
      const server = await start()
      const load = createLoad(server.url, { path, cookies, concurrency: CONCURRENCY })
      runners.push({ server, load, turns: [], ratios: [] })
    }
    for (const { load } of runners) await load.send(warmUp)
    const [first, ...others] = runners
    if (first === undefined) return []

    async function takeTurn({ load, server }: Runner): Promise<number> {
      const before = server.cpuTime()
      await load.send(requests)
      return (server.cpuTime() - before) / requests
    }

    for (let pair = -WARM_UP_PAIRS; pair < pairs; pair += 1) {
      for (const other of others) {
        // Whoever comes second finds the caches as the other left them.
        const isFirstFirst = pair % 2 === 0
        const early = await takeTurn(isFirstFirst ? first : other)
        const late = await takeTurn(isFirstFirst ? other : first)
        if (pair < 0) continue
        const [base, own] = isFirstFirst ? [early, late] : [late, early]
        first.turns.push(base)
        other.turns.push(own)
        other.ratios.push(own / base)
      }
    }
    return runners
  } finally {
    for (const { load, server } of runners) {
      await load.close()
      await server.stop()
    }
  }
}
