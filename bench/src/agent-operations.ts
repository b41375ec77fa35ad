// What the agent's operations cost the handler, in units of what a forwarded request costs it.
import { createLoad } from './load.ts'
import { createUsers } from './agent-users.ts'
import type { ServerProcess } from './processes.ts'

/** The cost of one kind of operation. */
export interface OperationFigures {
  readonly name: string
  /** Microseconds of the handler's CPU time per operation. */
  readonly cpuTime: number
  /** The CPU time in units of a forwarded request's. */
  readonly ratio: number
  /** Half the width of the ratio's interval of 95 %. */
  readonly margin: number
  /** Microseconds per operation of the authorization server, which are no part of the figures beside. */
  readonly authorizationServer: number
  readonly perSecond: number
}

/** Who takes part. */
export interface Place {
  /** Handlers with the same code; each does all operations. */
  readonly handlers: readonly ServerProcess[]
  readonly authorizationServer: ServerProcess
}

/** Requests under way at a time: the same for all operations, since more at a time cost less each. */
const CONCURRENCY = 32

/** Turns of each process before those that count. */
const WARM_UP_ROUNDS = 12

/** One kind of operation, and how many of them are in a turn: those that cost more have fewer. */
interface Kind {
  readonly name: string
  readonly operations: number
  readonly send: (operations: number) => Promise<void>
}

/** Microseconds and seconds per operation. */
interface Turn {
  readonly cpuTime: number
  readonly authorizationServer: number
  readonly seconds: number
}

/** The turns of one process in one round, in the order of its kinds; the first is the forwarded request. */
type Round = readonly Turn[]

/**
 * Measures forwarded requests, session reads, refreshes and sign-ins in short turns, in another order each time. All are
 * done by the same processes, so that no figure depends on how two of them differ. The figures are those of the half of
 * the rounds that took least in all: what the machine did beside slows a round down, and never makes it faster.
 */
export async function measureOperations(
  { handlers, authorizationServer }: Place,
  rounds: number,
): Promise<OperationFigures[]> {
  const lanes = await Promise.all(
    handlers.map(async (server) => ({ server, kinds: await createKinds(server) })),
  )

  async function takeTurn(server: ServerProcess, { operations, send }: Kind): Promise<Turn> {
    const before = [server.cpuTime(), authorizationServer.cpuTime(), performance.now()] as const
    await send(operations)
    const after = [server.cpuTime(), authorizationServer.cpuTime(), performance.now()] as const
    return {
      cpuTime: (after[0] - before[0]) / operations,
      authorizationServer: (after[1] - before[1]) / operations,
      seconds: (after[2] - before[2]) / 1000 / operations,
    }
  }

  async function takeRound(server: ServerProcess, kinds: readonly Kind[]): Promise<Round> {
    const turns = new Map<Kind, Turn>()
    for (const kind of shuffle(kinds)) turns.set(kind, await takeTurn(server, kind))
    return kinds.flatMap((kind) => turns.get(kind) ?? [])
  }

  const measured: Round[] = []
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    for (const { server, kinds } of shuffle(lanes)) {
      const turns = await takeRound(server, kinds)
      if (round >= WARM_UP_ROUNDS) measured.push(turns)
    }
  }
  const total = (turns: Round) => sum(turns.map(({ cpuTime }) => cpuTime))
  const calm = measured
    .toSorted((one, other) => total(one) - total(other))
    .slice(0, Math.ceil(measured.length / 2))
  const names = lanes[0]?.kinds.map(({ name }) => name) ?? []
  return names.map((name, kind) => describe(name, calm, kind))
}

async function createKinds({ url }: ServerProcess): Promise<readonly Kind[]> {
  const users = await createUsers(`${url}/oauth-agent`, CONCURRENCY)
  const cookies = [await users.cookies()]
  const load = createLoad(url, { path: '/api/1k', cookies, concurrency: CONCURRENCY })
  return [
    { name: 'a forwarded request', operations: 600, send: load.send },
    { name: 'session', operations: 600, send: users.readSessions },
    { name: 'refresh', operations: 200, send: users.refresh },
    { name: 'sign-in, start and end', operations: 100, send: users.signIn },
  ]
}

/**
 * The ratio of two sums over the same rounds, and its standard error as that of any ratio estimate: rounds in which
 * both took longer tell nothing against it.
 */
function describe(name: string, rounds: readonly Round[], kind: number): OperationFigures {
  const turns = rounds.flatMap((round) => round[kind] ?? [])
  const units = rounds.flatMap((round) => round[0] ?? [])
  const of = (member: keyof Turn, list = turns) =>
    sum(list.map((turn) => turn[member])) / list.length
  const unit = of('cpuTime', units)
  const ratio = of('cpuTime') / unit
  const residuals = turns.map(
    ({ cpuTime }, index) => cpuTime - ratio * (units[index]?.cpuTime ?? 0),
  )
  const variance = sum(residuals.map((residual) => residual ** 2)) / (turns.length - 1)
  return {
    name,
    cpuTime: of('cpuTime'),
    ratio,
    margin: (1.96 * Math.sqrt(variance / turns.length)) / unit,
    authorizationServer: of('authorizationServer'),
    perSecond: 1 / of('seconds'),
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const shuffle = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item)
