// One random schedule: a browser, two instances that may crash, a store that may fail, and refresh tokens that rotate.
import type { RenewalResult } from '../../src/agent/refresh-coordinator.ts'
import { agentFailure, fail } from '../../src/agent/agent-decision.ts'
import { createSharedRenewal } from '../../src/agent/shared-renewal.ts'
import type { RefreshStore } from '../../src/store/refresh-store.ts'
import { createMemoryStore } from '../support/memory-store.ts'
import { createDeferred } from '../support/deferred.ts'
import { noLog } from '../support/no-log.ts'
import { createRandom } from '../support/random.ts'

/** What a schedule came to. */
export interface ScheduleOutcome {
  /** Whether the session is over although it could have been kept. */
  readonly lost: boolean
  /** Whether something happened after which nobody could keep it. */
  readonly isExcused: boolean
  readonly refreshes: number
  readonly story: readonly string[]
}

const KEPT_FOR = 20_000
const COMMAND_TIMEOUT = 1000
const LOCKED_FOR = 5000
const SETTLING_TIME = 1000

/** Time that passes from one timer to the next. */
function createTime() {
  let now = 0
  let timers: { readonly at: number; readonly action: () => void }[] = []
  return {
    now: () => now,
    schedule(milliseconds: number, action: () => void) {
      const timer = { at: now + Math.max(0, milliseconds), action }
      timers.push(timer)
      return () => void (timers = timers.filter((other) => other !== timer))
    },
    /** Does what is next, once all that is possible now is done. */
    async step(until: number): Promise<boolean> {
      await new Promise(setImmediate)
      const [next] = timers.toSorted((one, other) => one.at - other.at)
      if (next === undefined || next.at > until) {
        now = Math.max(now, until)
        return false
      }
      timers = timers.filter((other) => other !== next)
      now = next.at
      next.action()
      return true
    },
  }
}

/** Plays the schedule of a seed to its end. */
export async function playSchedule(seed: number): Promise<ScheduleOutcome> {
  const random = createRandom(seed)
  const chance = (probability: number) => random() < probability
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low))
  const time = createTime()
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => void time.schedule(milliseconds, resolve))
  const story: string[] = []
  const tell = (text: string) => story.push(`${time.now()} ${text}`)

  // The store, as it is reached from an instance.
  const memory = createMemoryStore(time.now)
  const isLossy = chance(0.5)
  const lossRate = isLossy ? random() * 0.2 : 0
  let [isAway, settledAt, emptiedAt] = [false, 0, -Infinity]
  const emptied = new Set<() => void>()
  const never = () => new Promise<never>(() => {})

  interface Instance {
    isAlive: boolean
    /** Resolves when it crashes. */
    readonly crashed: Promise<void>
    readonly crash: () => void
    /** When a call of it was lost for the last time. */
    failedAt: number
    readonly renewal: ReturnType<typeof createSharedRenewal>
  }

  function createInstance(): Instance {
    const call = async <T>(run: () => Promise<T>): Promise<T> => {
      const start = time.now()
      const lostOnTheWay = chance(lossRate)
      const lostOnTheWayBack = chance(lossRate)
      await pause(between(0, 30))
      if (!instance.isAlive) return await never()
      const wasAway = isAway
      const result = wasAway || lostOnTheWay ? undefined : { value: await run() }
      await pause(wasAway ? 0 : between(0, 30))
      if (result !== undefined && !lostOnTheWayBack)
        return instance.isAlive ? result.value : await never()
      if (result === undefined) instance.failedAt = time.now()
      if (!wasAway) await pause(COMMAND_TIMEOUT - (time.now() - start))
      if (!instance.isAlive) return await never()
      throw new Error('The store failed.')
    }
    const { refreshes } = memory
    const store: RefreshStore = {
      begin: (names, wish) =>
        call(async () =>
          time.now() < settledAt
            ? { kind: 'locked', owner: '' }
            : await refreshes.begin(names, wish),
        ),
      extend: (names, owner, lockedFor) => call(() => refreshes.extend(names, owner, lockedFor)),
      finish: (names, owner, outcome) => call(() => refreshes.finish(names, owner, outcome)),
      end: (names, keptFor) => call(() => refreshes.end(names, keptFor)),
      onEmptied: (listener) => emptied.add(() => instance.isAlive && listener()),
    }
    const crash = createDeferred()
    const instance: Instance = {
      isAlive: true,
      crashed: crash.promise,
      crash() {
        instance.isAlive = false
        crash.resolve()
      },
      failedAt: -Infinity,
      renewal: createSharedRenewal({
        store,
        keys: {
          namesOf: async (_purpose, text) => [text],
          seal: async (_purpose, _text, content) => JSON.stringify(content),
          open: async (_purpose, _text, sealed) => JSON.parse(sealed) as unknown,
        },
        now: time.now,
        schedule: (milliseconds, action) =>
          time.schedule(milliseconds, () => instance.isAlive && action()),
        log: noLog,
        keptFor: KEPT_FOR,
        patience: 8000,
      }),
    }
    return instance
  }
  const instances = [createInstance(), createInstance()]

  // The authorization server: each refresh token once, and the second use of one ends everything.
  let [count, newest, isRevoked, isExcused, refreshes] = [0, 'token-0', false, false, 0]
  const uses = new Map<string, { readonly by: Instance; readonly at: number }>()

  /** Whether nobody could have kept the second use from happening. */
  function isBeyondKeeping(token: string): boolean {
    const use = uses.get(token)
    if (use === undefined) return false
    const { at, by } = use
    // The tokens died with the instance that had them, or nobody has asked for as long as results are kept.
    if (!by.isAlive || time.now() - at >= KEPT_FOR - LOCKED_FOR) return true
    // The store lost what it knew, and the owner could not tell it again; or it could not be reached for all that time.
    return by.failedAt > emptiedAt && (emptiedAt > at - LOCKED_FOR || time.now() - at > LOCKED_FOR)
  }

  async function renew(instance: Instance, token: string): Promise<RenewalResult> {
    refreshes += 1
    await pause(between(1, 40))
    if (isRevoked || token !== newest) {
      if (!isRevoked) {
        isExcused ||= isBeyondKeeping(token)
        tell(`${token} is used a second time`)
      }
      isRevoked = true
      return fail(agentFailure('session_expired', 'invalid_grant'))
    }
    newest = `token-${++count}`
    uses.set(token, { by: instance, at: time.now() })
    tell(`${token} becomes ${newest} by ${instances.indexOf(instance)}`)
    const session = { refreshToken: newest, startedAt: 0, issuedAt: time.now() }
    await pause(chance(0.05) ? between(500, 4000) : between(1, 60))
    if (!instance.isAlive) return await never()
    return { kind: 'renewed', renewal: { session, cookies: [] } }
  }

  // The browser: what it presents is what arrived last.
  let session = { refreshToken: newest, startedAt: 0, issuedAt: 0 }
  let isOver = false
  async function request(mayBeLost: boolean): Promise<void> {
    const instance = instances[between(0, instances.length)]
    if (instance === undefined) return
    const presented = session
    const result = await Promise.race([
      instance.renewal
        .renew(presented, () => renew(instance, presented.refreshToken))
        .catch(() => undefined),
      instance.crashed,
    ])
    await pause(between(0, 50))
    if (!result || (mayBeLost && chance(0.15))) return
    if (result.kind === 'failure' && result.failure.code === 'session_expired') isOver = true
    if (result.kind !== 'renewed') return
    const { session: renewed } = result.renewal
    if (renewed.issuedAt >= session.issuedAt) session = renewed
  }

  async function trouble(): Promise<void> {
    await pause(between(0, 4000))
    if (chance(0.3)) {
      const index = between(0, 2)
      const crashed = instances[index]
      crashed?.crash()
      tell(`instance ${index} crashes`)
      instances[index] = createInstance()
    }
    if (chance(0.4)) {
      tell('the store goes')
      isAway = true
      await pause(between(50, 3000))
      isAway = false
      if (chance(0.6)) {
        memory.entries.clear()
        emptiedAt = time.now()
        settledAt = time.now() + SETTLING_TIME
        tell('the store is back with nothing')
        for (const listener of emptied) listener()
      } else tell('the store is back')
    }
  }

  async function use(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await pause(between(0, 1500))
      await Promise.all(Array.from({ length: between(1, 4) }, () => request(true)))
    }
  }
  async function passTimeUntil(done: Promise<unknown>): Promise<void> {
    const state = { isDone: false }
    void done.then(() => (state.isDone = true))
    while (!state.isDone) await time.step(time.now() + 60_000)
  }

  const playing = Promise.all([use(), use(), trouble()])
  await passTimeUntil(playing)
  // In the end everything works, and the user comes back.
  for (let attempt = 0; attempt < 3 && !isOver; attempt++) {
    await passTimeUntil(request(false))
  }
  return { lost: isOver && !isExcused, isExcused, refreshes, story }
}
