// Refresh, login end and logout replace the session's cookies; without a lock the second would undo the first.
import type { Operation } from '@token-handler/contract'
import type { Platform } from '../platform/platform.ts'
import { wait } from '../platform/wait.ts'
import type { Tracer } from '../trace.ts'
import type { Tabs } from '../tabs/tabs.ts'

/**
 * Runs a task while no other tab runs one. The task is a request to the agent, and nothing of the
 * app's: it ends by itself, and takes no other lock. After a long wait it runs all the same: it must
 * look first at what the others have done.
 */
export type SessionLock = <T>(operation: Operation, task: () => Promise<T>) => Promise<T>

// A frozen page may sit on the lock. Milliseconds.
const MAX_WAIT = 20_000
// Without Web Locks: apart in time, tabs hear of each other's claims.
const MAX_JITTER = 100
const LOOK_AGAIN = 50
// By then storage and messages have arrived.
const MARK_TIME = 1_000

/**
 * The lock of one agent.
 *
 * @param prefix - its name: the same for all apps of this origin that use the same agent
 */
export function createSessionLock(
  platform: Platform,
  prefix: string,
  tabs: Tabs,
  tracer: Tracer,
): SessionLock {
  const markPrefix = `${prefix}:`
  let last: Promise<unknown> = Promise.resolve()

  /** Browsers without Web Locks: tabs claim the right to be at it, which mostly works. */
  async function claim<T>(task: () => Promise<T>): Promise<T> {
    await wait(platform, platform.random() * MAX_JITTER)
    const giveUpAt = platform.monotonicNow() + MAX_WAIT
    while (tabs.isClaimed() && platform.monotonicNow() < giveUpAt) await wait(platform, LOOK_AGAIN)
    tabs.say('claimed')
    try {
      return await task()
    } finally {
      tabs.say('released')
    }
  }

  /**
   * Browsers bring storage and messages to other processes when they get to it, maybe after the lock.
   * Only the set of held locks is consistent across tabs, so the name of one carries the newest notice. See
   * decisions/0016.
   */
  async function readMarks(): Promise<void> {
    for (const name of await platform.heldLocks().catch(() => [])) {
      if (name.startsWith(markPrefix)) tabs.adoptNotice(name.slice(markPrefix.length))
    }
  }

  /** Resolves when the mark can be seen; it stays for a while. */
  const leaveMark = (): Promise<void> =>
    new Promise((resolve) => {
      const name = markPrefix + JSON.stringify(tabs.latest())
      const marked = platform.requestLock(name, { ifAvailable: true }, () => {
        resolve()
        return wait(platform, MARK_TIME)
      })
      if (marked) marked.catch(() => resolve())
      else resolve()
    })

  return async (operation, task) => {
    const trace = (phase: 'waiting' | 'held' | 'unlocked' | 'released') =>
      tracer.step?.({ kind: 'lock', operation, phase })
    let isStarted = false

    async function run(lock?: unknown) {
      isStarted = true
      trace(lock ? 'held' : 'unlocked')
      try {
        if (lock) await readMarks()
        const { epoch } = tabs.latest()
        const result = await task()
        if (tabs.latest().epoch > epoch) await leaveMark()
        return result
      } finally {
        trace('released')
      }
    }

    trace('waiting')
    try {
      const signal = platform.timeout(MAX_WAIT)
      const locked = platform.requestLock(prefix, { signal }, run)
      if (locked) return await locked
    } catch (error) {
      if (isStarted) throw error
      return run()
    }
    const turn = last.then(() => claim(run))
    last = turn.catch(() => undefined)
    return turn
  }
}
