// Measuring servers side by side in short turns, so that whatever slows the machine slows all.
import type { ServerProcess } from './processes.ts'

/** A process of a variant, and whatever its turns need. */
export interface Lane {
  /** The place of its variant among the names. */
  readonly variant: number
  readonly server: ServerProcess
}

/** Means over the calmer half of the rounds. */
export interface TurnFigures {
  readonly name: string
  /** Microseconds per operation. */
  readonly cpuTime: number
  /** The CPU time in units of the first variant's. */
  readonly ratio: number
  readonly perSecond: number
}

/** One turn of one process, or the mean of several. */
interface Turn {
  /** Microseconds per operation. */
  readonly cpuTime: number
  readonly seconds: number
}

/**
 * Rounds before those that count: a server that waited while the others were warmed up is slow again for
 * its first turns, by several times.
 */
const WARM_UP_ROUNDS = 6

/**
 * Measures all variants; the first is what the others are compared with. The median of a variant's
 * turns would leave out its garbage collections, which not every turn has; their mean would count what
 * else the machine did. So it is the mean over the rounds in which all variants together took least.
 *
 * @param operations - how many of them are in one turn
 */
export async function measureInTurns<Own extends Lane>(
  names: readonly string[],
  lanes: readonly Own[],
  { rounds, operations }: { readonly rounds: number; readonly operations: number },
  work: (lane: Own) => Promise<unknown>,
): Promise<TurnFigures[]> {
  async function takeTurn(lane: Own): Promise<Turn> {
    const before = { cpu: lane.server.cpuTime(), at: performance.now() }
    await work(lane)
    const seconds = (performance.now() - before.at) / 1000
    return { cpuTime: (lane.server.cpuTime() - before.cpu) / operations, seconds }
  }

  const measured: Turn[][] = []
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const turns = names.map((): Turn[] => [])
    // In another order each time: whoever comes next finds the caches as the one before left them.
    for (const lane of shuffle(lanes)) turns[lane.variant]?.push(await takeTurn(lane))
    if (round >= WARM_UP_ROUNDS) measured.push(turns.map(meanOf))
  }

  const total = (turns: readonly Turn[]) => mean(turns.map(({ cpuTime }) => cpuTime))
  const calm = measured.toSorted((a, b) => total(a) - total(b)).slice(0, Math.ceil(rounds / 2))
  const figures = names.map((name, index) => ({
    name,
    ...meanOf(calm.flatMap((turns) => turns[index] ?? [])),
  }))
  return figures.map(({ name, cpuTime, seconds }) => ({
    name,
    cpuTime,
    ratio: cpuTime / (figures[0]?.cpuTime ?? NaN),
    perSecond: operations / seconds,
  }))
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
