// One refresh for all instances: a lock, a result and a mark of the end in a store that they share.
import { encodeBase64url } from '../base64url.ts'
import { pause } from '../schedule.ts'
import type { Log, Schedule } from '../ports.ts'
import type { Outcome, RefreshStore } from '../store/refresh-store.ts'
import type { StoreKeys } from '../store/store-keys.ts'
import { describeError } from './describe-error.ts'
import { isLatecomer } from './latecomer.ts'
import { readStoredResult, toStoredResult } from './stored-result.ts'
import type {
  OverdueRenewal,
  RefreshableSession,
  Renew,
  RenewalResult,
} from './refresh-coordinator.ts'

/** What a shared refresh works with. */
export interface SharedRenewalOptions {
  readonly store: RefreshStore
  readonly keys: StoreKeys
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly schedule: Schedule
  readonly log: Log
  /** Milliseconds that a result answers latecomers. */
  readonly keptFor: number
  /** Milliseconds after which waiting for another instance is given up. */
  readonly patience: number
}

/** Refresh and end of a session, for all instances. */
export interface SharedRenewal {
  readonly renew: (
    session: RefreshableSession,
    renew: Renew,
  ) => Promise<RenewalResult | OverdueRenewal>
  /** Resolves with what a refresh of this token has brought, once none is under way. */
  readonly end: (refreshToken: string) => Promise<RefreshableSession | undefined>
}

const PURPOSE = 'refresh'

/** A lock of an instance that died is free after this time (ms); heartbeats keep it as long as need be. */
const LOCKED_FOR = 5000
const HEARTBEAT_EVERY = 500

/** How long those who wait for a refresh have to hear of its failure (ms). */
const FAILURE_KEPT_FOR = 2000

/** Until the next attempt to store what a failing store has not taken (ms). */
const STORED_AGAIN_AFTER = 500

/** Milliseconds until a waiting instance looks again: soon at first, then more seldom. */
const backOff = (round: number) => Math.min(20 + round * 10, 100)

const createOwner = () => encodeBase64url(crypto.getRandomValues(new Uint8Array(12)))

/** A result of this instance, and when (ms) it is of no use any more. */
interface RecentResult {
  readonly names: readonly string[]
  readonly owner: string
  readonly outcome: Outcome
  readonly until: number
}

/** What this instance has brought of late, in the order in which it is forgotten. */
function createRecentResults(now: () => number) {
  const results = new Set<RecentResult>()
  const purge = () => {
    for (const result of results) {
      if (result.until > now()) return
      results.delete(result)
    }
  }
  return {
    add(result: RecentResult) {
      purge()
      results.add(result)
    },
    list() {
      purge()
      return results
    },
  }
}

/** Creates the part of a coordinator that instances share. */
export function createSharedRenewal(options: SharedRenewalOptions): SharedRenewal {
  const { store, keys, now, schedule, log, keptFor, patience } = options
  const wait = (milliseconds: number) => pause(schedule, milliseconds)
  const recent = createRecentResults(now)
  store.onEmptied?.(() => {
    for (const { names, owner, outcome, until } of recent.list()) {
      const left = { ...outcome, keptFor: until - now() }
      store.finish(names, owner, left).catch(() => undefined)
    }
  })

  /** Keeps the lock until it is called off, whatever becomes of single heartbeats. */
  function keepLock(names: readonly string[], owner: string): () => void {
    let cancel = schedule(HEARTBEAT_EVERY, beat)
    function beat(): void {
      cancel = schedule(HEARTBEAT_EVERY, beat)
      store.extend(names, owner, LOCKED_FOR).catch(() => undefined)
    }
    return () => cancel()
  }

  async function sealOutcome(refreshToken: string, result: RenewalResult): Promise<Outcome> {
    const value = await keys.seal(PURPOSE, refreshToken, toStoredResult(result))
    return result.kind === 'renewed'
      ? { kind: 'result', value, keptFor }
      : { kind: 'failure', value, keptFor: FAILURE_KEPT_FOR }
  }

  /** A result that the store did not take is offered again as long as it is worth anything. */
  async function storeLater(
    names: readonly string[],
    owner: string,
    outcome: Outcome,
    until: number,
  ): Promise<void> {
    await wait(STORED_AGAIN_AFTER)
    const left = until - now()
    if (left <= 0) return
    await store
      .finish(names, owner, { ...outcome, keptFor: left })
      .catch(() => storeLater(names, owner, outcome, until))
  }

  /** Never rejects: whatever becomes of the store, the new tokens are here and have to reach the browser. */
  async function finish(
    names: readonly string[],
    owner: string,
    { refreshToken }: RefreshableSession,
    result: RenewalResult,
    unlock: () => void,
  ): Promise<RenewalResult> {
    const outcome = await sealOutcome(refreshToken, result)
    if (outcome.kind === 'result') recent.add({ names, owner, outcome, until: now() + keptFor })
    try {
      const isEnded = await store.finish(names, owner, outcome)
      unlock()
      return isEnded ? { kind: 'ended' } : result
    } catch (cause) {
      if (result.kind !== 'renewed') {
        unlock()
        return result
      }
      const message = 'the store failed after a refresh; the new cookies are sent all the same'
      log.warn({ causes: describeError(cause) }, message)
      // As long as nobody else can have the result, nobody else may use the refresh token.
      void storeLater(names, owner, outcome, now() + keptFor).finally(unlock)
      return result
    }
  }

  /** Refreshes as the owner of the lock. */
  async function renewAsOwner(
    names: readonly string[],
    owner: string,
    session: RefreshableSession,
    renew: Renew,
  ): Promise<RenewalResult | OverdueRenewal> {
    const stop = keepLock(names, owner)
    try {
      const result = await renew()
      if (result.kind === 'failure' && 'later' in result) {
        const later = result.later.then((late) => finish(names, owner, session, late, stop))
        return { ...result, later }
      }
      return await finish(names, owner, session, result, stop)
    } catch (error) {
      stop()
      await release(names, owner)
      throw error
    }
  }

  const release = (names: readonly string[], owner: string) =>
    store.finish(names, owner, undefined).catch(() => undefined)

  async function begin(
    names: readonly string[],
    wish: Omit<Parameters<RefreshStore['begin']>[1], 'lockedFor'>,
  ) {
    try {
      return await store.begin(names, { ...wish, lockedFor: LOCKED_FOR })
    } catch (error) {
      // The lock may have been taken, and only the answer was lost.
      void release(names, wish.owner)
      throw error
    }
  }

  async function renewShared(session: RefreshableSession, renew: Renew) {
    const { refreshToken } = session
    const names = await keys.namesOf(PURPOSE, refreshToken)
    const owner = createOwner()
    const givenUpAt = now() + patience
    let stale: string | undefined
    let awaited: string | undefined
    for (let round = 0; now() <= givenUpAt; round++) {
      const begun = await begin(names, { owner, stale, awaited })
      switch (begun.kind) {
        case 'acquired':
          return await renewAsOwner(names, owner, session, renew)
        case 'ended':
          return begun
        case 'locked':
          awaited = begun.owner
          await wait(backOff(round))
          break
        case 'result':
        case 'failure': {
          const result = readStoredResult(await keys.open(PURPOSE, refreshToken, begun.value))
          if (result?.kind === 'failure') return result
          if (result && isLatecomer(session, result.renewal.session)) return result
          if (begun.kind === 'result') stale = begun.value
          else awaited = undefined
        }
      }
    }
    throw new Error('Another instance has not finished the refresh in time.')
  }

  async function end(refreshToken: string): Promise<RefreshableSession | undefined> {
    const names = await keys.namesOf(PURPOSE, refreshToken)
    const givenUpAt = now() + patience
    let known = await store.end(names, keptFor)
    for (let round = 0; known.isLocked && now() <= givenUpAt; round++) {
      await wait(backOff(round))
      known = await store.end(names, keptFor)
    }
    if (known.value === undefined) return undefined
    const result = readStoredResult(await keys.open(PURPOSE, refreshToken, known.value))
    return result?.kind === 'renewed' ? result.renewal.session : undefined
  }

  return { renew: renewShared, end }
}
