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

/** One process and what it has taken. */
interface Runner {
  readonly server: ServerProcess
  readonly load: Load
  /** Of each turn, in microseconds per request. */
  readonly turns: number[]
}

/** What came of the pairs of a subject: in each, a process of the first and one of its own. */
interface Measured {
  readonly name: string
  readonly pairs: Runner[][]
}

/**
 * Measures all subjects; the first is what the others are compared with. Each process of another is paired with one of
 * the first that was started with it and takes as many turns: which turns come first, and who else has run in between,
 * is the same for both.
 */
export async function measureInPairs(
  [first, ...others]: readonly [Subject, ...Subject[]],
  plan: PairsPlan,
): Promise<PairedFigures[]> {
  const measured = others.map(({ name }): Measured => ({ name, pairs: [] }))
  for (let round = 0; round < plan.processes; round += 1) {
    for (const [index, other] of others.entries()) {
      measured[index]?.pairs.push(await measurePair([first, other], plan))
    }
  }
  const cost = (runners: readonly (Runner | undefined)[]) =>
    mean(runners.map((runner) => median(runner?.turns ?? [])))
  const all = measured.flatMap(({ pairs }) => pairs)
  return [
    { name: first.name, cpuTime: cost(all.map(([base]) => base)), ratio: 1, low: 1, high: 1 },
    ...measured.map(({ name, pairs }) => ({
      name,
      cpuTime: cost(pairs.map(([, own]) => own)),
      ...estimateRatio(pairs.map(ratiosOf)),
    })),
  ]
}

const ratiosOf = ([base, own]: readonly Runner[]): number[] =>
  (own?.turns ?? []).map((cost, index) => cost / (base?.turns[index] ?? NaN))

/** A process of each, from its start to its end. */
async function measurePair(
  subjects: readonly [Subject, Subject],
  { path, pairs, requests, warmUp }: PairsPlan,
): Promise<Runner[]> {
  const runners: Runner[] = []
  try {
    for (const { start, cookies } of subjects) {
      const server = await start()
      const load = createLoad(server.url, { path, cookies, concurrency: CONCURRENCY })
      runners.push({ server, load, turns: [] })
    }
    for (const { load } of runners) await load.send(warmUp)
    for (let pair = -WARM_UP_PAIRS; pair < pairs; pair += 1) {
      // Whoever comes second finds the caches as the other left them.
      for (const { load, server, turns } of pair % 2 === 0 ? runners : runners.toReversed()) {
        const before = server.cpuTime()
        await load.send(requests)
        if (pair >= 0) turns.push((server.cpuTime() - before) / requests)
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
