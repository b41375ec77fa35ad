// A trouble under load: what its users see of it.
import { wait } from './cluster.ts'
import type { Cluster } from './cluster.ts'
import type { Trouble } from './troubles.ts'
import { createUser } from './user.ts'
import type { User, UserAnswer } from './user.ts'

/** What came of a trouble. */
export interface Figures {
  readonly trouble: string
  readonly sessions: number
  /** Sessions whose users had to sign in again. */
  readonly lost: number
  /** The longest that anybody waited for an answer (ms). */
  readonly slowest_ms: number
  /** From the end of the trouble to the last answer that was not 200, where the trouble has an end (ms). */
  readonly recovered_ms?: number
  /** Refreshes that the authorization server had answered to an instance that died before it stored the answer. */
  readonly unstored: number
  /** Refresh tokens that were used more than once for no such reason: there must be none. */
  readonly used_twice: number
  readonly answers: Readonly<Record<string, number>>
}

/** How much load there is. */
export interface LoadOptions {
  readonly sessions: number
  /** Milliseconds of load before the trouble and after it. */
  readonly phase: number
}

/** Milliseconds between what a user does and what the same user does next. */
const PAUSE = 50

/** Has users use a cluster before, during and after a trouble. */
export async function play(
  cluster: Cluster,
  { name, cause }: Trouble,
  { sessions, phase }: LoadOptions,
): Promise<Figures> {
  const users: User[] = []
  while (users.length < sessions) users.push(await createUser(cluster))

  const answers: Record<string, number> = {}
  let [slowest, failedAt, overAt] = [0, 0, Infinity]
  const load = { isOver: false }
  function note({ kind, milliseconds }: UserAnswer): void {
    answers[kind] = (answers[kind] ?? 0) + 1
    slowest = Math.max(slowest, milliseconds)
    if (kind !== '200') failedAt = performance.now()
  }
  async function use({ callApi, isSignedOut, refresh }: User): Promise<void> {
    while (!load.isOver && !isSignedOut()) {
      for (const answer of await refresh()) note(answer)
      if (!isSignedOut()) note(await callApi())
      await wait(PAUSE)
    }
  }

  const using = users.map(use)
  await wait(phase)
  await cause(cluster, { isOver: () => void (overAt = performance.now()) })
  await wait(phase)
  load.isOver = true
  await Promise.all(using)
  await Promise.all(users.map(({ refresh }) => refresh()))

  const usedTwice = cluster.tokenEndpoint.takeUsedTwice()
  const unstored = usedTwice.filter(cluster.wasKilled).length
  return {
    trouble: name,
    sessions,
    lost: users.filter(({ isSignedOut }) => isSignedOut()).length,
    slowest_ms: Math.round(slowest),
    ...(overAt < Infinity && { recovered_ms: Math.max(0, Math.round(failedAt - overAt)) }),
    unstored,
    used_twice: usedTwice.length - unstored,
    answers,
  }
}
