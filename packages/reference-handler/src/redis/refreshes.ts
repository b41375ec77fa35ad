// The coordinator's store over Redis: one script for each step.
import { setTimeout as wait } from 'node:timers/promises'
import type { Begun, RefreshStore } from '../store/refresh-store.ts'
import type { Connection } from './connection.ts'
import { begin, end, extend, finish as finishScript, PARTS } from './scripts.ts'

/** Locks to be released as soon as there is a connection; more of them end by themselves. */
const MAX_UNRELEASED = 1000

/**
 * Milliseconds that closing waits for refreshes under way: their connections may have ended, and what they bring would
 * be lost with the process.
 */
const CLOSING_TIME = 10_000
const CHECKED_EVERY = 50

/** Refreshes under way extend their locks every half a second; a lock that nobody extends (ms) is left alone. */
const UNDER_WAY_FOR = 1500

/** The coordinator's store, which knows what this process has under way. */
export interface RefreshConnection extends RefreshStore {
  /** Resolves when all locks of this process are released, or some time later. */
  readonly settled: () => Promise<void>
}

/**
 * Creates the store.
 *
 * @param prefix - what all keys begin with
 * @param mayLock - whether locks can be trusted: not right after a server has come back with nothing
 */
export function createRefreshStore(
  connection: Connection,
  prefix: string,
  mayLock: () => boolean,
  onEmptied: (listener: () => void) => void,
): RefreshConnection {
  const keysOf = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => PARTS.map((part) => `${prefix}${name}:${part}`))

  // A server that hung does, when it goes on, what it was asked for over a connection that is given up by now.
  const unreleased = new Map<string, readonly string[]>()
  connection.onReady(() => {
    for (const [owner, names] of unreleased) void finish(names, owner, undefined).catch(() => {})
    unreleased.clear()
  })

  /** When the locks of this process were taken or extended for the last time. */
  const held = new Map<string, number>()
  const isUnderWay = (at: number) => performance.now() - at < UNDER_WAY_FOR
  function hold(owner: string): void {
    for (const [other, at] of held) if (!isUnderWay(at)) held.delete(other)
    held.set(owner, performance.now())
  }

  async function finish(...[names, owner, outcome]: Parameters<RefreshStore['finish']>) {
    const args = [owner, outcome?.kind ?? '', outcome?.value ?? '', outcome?.keptFor ?? 0]
    try {
      const isEnded = (await connection.run(finishScript, keysOf(names), args)) === 1
      held.delete(owner)
      return isEnded
    } catch (error) {
      if (outcome?.kind !== 'result') held.delete(owner)
      if (outcome === undefined && unreleased.size < MAX_UNRELEASED) unreleased.set(owner, names)
      throw error
    }
  }

  return {
    finish,
    async begin(names, { owner, lockedFor, stale = '', awaited = '' }) {
      const args = [owner, mayLock() ? lockedFor : 0, stale, awaited]
      const begun = readBegun(await connection.run(begin, keysOf(names), args))
      if (begun.kind === 'acquired') hold(owner)
      return begun
    },
    async extend(names, owner, lockedFor) {
      hold(owner)
      await connection.run(extend, keysOf(names), [owner, lockedFor])
    },
    async end(names, keptFor) {
      const answer = await connection.run(end, keysOf(names), [keptFor])
      const [isLocked, value]: readonly unknown[] = Array.isArray(answer) ? answer : []
      return {
        isLocked: isLocked === 1,
        value: typeof value === 'string' && value !== '' ? value : undefined,
      }
    },
    onEmptied,
    async settled() {
      const end = performance.now() + CLOSING_TIME
      while ([...held.values()].some(isUnderWay) && performance.now() < end)
        await wait(CHECKED_EVERY)
    },
  }
}

function readBegun(answer: unknown): Begun {
  const [kind, value = '']: readonly unknown[] = Array.isArray(answer) ? answer : []
  switch (kind) {
    case 'acquired':
    case 'ended':
      return { kind }
    case 'locked':
      return { kind, owner: String(value) }
    case 'result':
    case 'failure':
      return { kind, value: String(value) }
    default:
      throw new Error('Redis gave an answer that is none of this script.')
  }
}
