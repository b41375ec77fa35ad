// Measuring several servers side by side: in short turns, so that whatever slows the machine slows all.
import { createLoad } from './load.ts'
import type { Load } from './load.ts'
import type { ServerProcess } from './processes.ts'

/** A server, and the cookies its requests carry, taken in turn. */
export interface Variant {
  readonly name: string
  /**
   * Processes with the same code: each compiles what it runs in its own way and lies elsewhere in memory,
   * and two of them can differ by more than what is measured.
   */
  readonly servers: readonly ServerProcess[]
  readonly cookies: readonly string[]
}

/** What is sent to each process of each variant in each round. */
export interface Plan {
  readonly path: string
  /** Bytes that each request uploads. */
  readonly upload?: number
  /** Requests to each process before anything is measured, until it has compiled what it does often. */
  readonly warmUp: number
  readonly rounds: number
  readonly requests: number
}

/** Means over the calmer half of the rounds. */
export interface Figures {
  readonly name: string
  /** Microseconds per request. */
  readonly cpuTime: number
  /** The CPU time in units of the first variant's. */
  readonly ratio: number
  readonly requestsPerSecond: number
}

/** One turn of one process, or the mean of several. */
interface Turn {
  /** Microseconds per request. */
  readonly cpuTime: number
  readonly seconds: number
}

const CONCURRENCY = 32

/**
 * Rounds before those that count: a server that waited while the others were warmed up is slow again for
 * its first turns, by several times.
 */
const WARM_UP_ROUNDS = 6

/**
 * Measures all variants; the first is what the others are compared with. The median of a variant's
 * turns would leave out its garbage collections, which not every turn has; their mean would count what
 * else the machine did. So it is the mean over the rounds in which all variants together took least.
 */
export async function measure(
  variants: readonly Variant[],
  { path, upload, warmUp, rounds, requests }: Plan,
): Promise<Figures[]> {
  const lanes = variants.flatMap(({ servers, cookies }, variant) =>
    servers.map((server) => {
      const load = createLoad(server.url, { path, upload, cookies, concurrency: CONCURRENCY })
      return { variant, server, load }
    }),
  )
  for (const { load } of lanes) await load.send(warmUp)

  const measured: Turn[][] = []
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const turns = variants.map((): Turn[] => [])
    // In another order each time: whoever comes next finds the caches as the one before left them.
    for (const { variant, server, load } of shuffle(lanes)) {
      turns[variant]?.push(await takeTurn(server, load, requests))
    }
    if (round >= WARM_UP_ROUNDS) measured.push(turns.map(meanOf))
  }
  for (const { load } of lanes) await load.close()

  const total = (turns: readonly Turn[]) => mean(turns.map(({ cpuTime }) => cpuTime))
  const calm = measured.toSorted((a, b) => total(a) - total(b)).slice(0, Math.ceil(rounds / 2))
  const figures = variants.map(({ name }, index) => ({
    name,
    ...meanOf(calm.flatMap((turns) => turns[index] ?? [])),
  }))
  return figures.map(({ name, cpuTime, seconds }) => ({
    name,
    cpuTime,
    ratio: cpuTime / (figures[0]?.cpuTime ?? NaN),
    requestsPerSecond: requests / seconds,
  }))
}

async function takeTurn(server: ServerProcess, load: Load, requests: number): Promise<Turn> {
  const before = { cpu: server.cpuTime(), at: performance.now() }
  await load.send(requests)
  const seconds = (performance.now() - before.at) / 1000
  return { cpuTime: (server.cpuTime() - before.cpu) / requests, seconds }
}

const shuffle = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)

const meanOf = (turns: readonly Turn[]): Turn => ({
  cpuTime: mean(turns.map(({ cpuTime }) => cpuTime)),
  seconds: mean(turns.map(({ seconds }) => seconds)),
})

const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length
