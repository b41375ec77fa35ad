// Measuring several servers side by side: in short turns, so that whatever slows the machine slows all.
import { createLoad } from './load.ts'
import type { Load } from './load.ts'
import type { ServerProcess } from './processes.ts'

/** A server, and the cookies its requests carry, taken in turn. */
export interface Variant {
  readonly name: string
  /**
   * Processes with the same code, which take turns: each compiles what it runs in its own way, and two of
   * them differ by up to five percent.
   */
  readonly servers: readonly ServerProcess[]
  readonly cookies: readonly string[]
}

/** What is sent to each variant in each round. */
export interface Plan {
  readonly path: string
  readonly rounds: number
  readonly requests: number
}

/** Means over the calmest quarter of the rounds. */
export interface Figures {
  readonly name: string
  /** Microseconds per request. */
  readonly cpuTime: number
  /** The CPU time in units of the first variant's. */
  readonly ratio: number
  readonly requestsPerSecond: number
}

/** One turn of one variant. */
interface Turn {
  /** Microseconds per request. */
  readonly cpuTime: number
  readonly seconds: number
}

const CONCURRENCY = 32

/** Requests until a server has compiled what it does often. */
const WARM_UP = 10_000

/**
 * Rounds before those that count: a server that waited while the others were warmed up is slow again for
 * its first turns, by several times.
 */
const WARM_UP_ROUNDS = 20

/**
 * Measures all variants; the first is what the others are compared with. The median of a variant's
 * turns would leave out its garbage collections, which not every turn has; their mean would count what
 * else the machine did. So it is the mean over the rounds in which all variants together took least.
 */
export async function measure(
  variants: readonly Variant[],
  { path, rounds, requests }: Plan,
): Promise<Figures[]> {
  const teams = variants.map(({ servers, cookies }) =>
    servers.map((server) => {
      const load = createLoad(server.url, { path, cookies, concurrency: CONCURRENCY })
      return { server, load }
    }),
  )
  for (const { load } of teams.flat()) await load.send(WARM_UP)

  const measured: Turn[][] = []
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const turns: Turn[] = []
    // Each round begins with another one, so that nobody always follows the same.
    for (let step = 0; step < variants.length; step += 1) {
      const index = (round + step) % variants.length
      const team = teams[index] ?? []
      const member = team[round % team.length]
      if (member) turns[index] = await takeTurn(member.server, member.load, requests)
    }
    if (round >= WARM_UP_ROUNDS) measured.push(turns)
  }
  for (const { load } of teams.flat()) await load.close()

  const calm = measured
    .toSorted((a, b) => sum(a.map(({ cpuTime }) => cpuTime)) - sum(b.map(({ cpuTime }) => cpuTime)))
    .slice(0, Math.ceil(rounds / 4))
  const mean = (index: number, figure: keyof Turn) =>
    sum(calm.map((turns) => turns[index]?.[figure] ?? 0)) / calm.length
  return variants.map(({ name }, index) => ({
    name,
    cpuTime: mean(index, 'cpuTime'),
    ratio: mean(index, 'cpuTime') / mean(0, 'cpuTime'),
    requestsPerSecond: requests / mean(index, 'seconds'),
  }))
}

async function takeTurn(server: ServerProcess, load: Load, requests: number): Promise<Turn> {
  const before = { cpu: server.cpuTime(), at: performance.now() }
  await load.send(requests)
  const seconds = (performance.now() - before.at) / 1000
  return { cpuTime: (server.cpuTime() - before.cpu) / requests, seconds }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
