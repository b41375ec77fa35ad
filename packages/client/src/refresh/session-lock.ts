// Refresh, login end and logout replace the session's cookies; without a lock the second would undo the first.
import type { Operation } from '@token-handler/contract'
import type { ClientPlatform } from '../platform/lifetime.ts'
import { wait } from '../platform/wait.ts'
import type { Tracer } from '../trace.ts'
import type { Tabs } from '../tabs/tabs.ts'

/**
 * Runs a task while no other tab runs one. The task is a request to the agent, and nothing of the
 * app's: it ends by itself, and takes no other lock. After a long wait it runs all the same: it must
 * look first at what the others have done. A page that is only prerendered waits for its activation first.
 *
 * WebKit takes the lock away from a page in the back/forward cache, and what became of the task is not known then:
 * it runs once more, under a new lock. The end of a sign-in rejects instead: a code must not be used twice.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 RFC 6749 section 4.1.2}
 */
export type SessionLock = <T>(operation: Operation, task: () => Promise<T>) => Promise<T>

// A frozen page may sit on the lock. Milliseconds.
const MAX_WAIT = 20_000
// For a holder that has been waited for in vain.
const SHORT_WAIT = 1_000
const MAX_LOCKS = 2
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
  platform: ClientPlatform,
  prefix: string,
  tabs: Tabs,
  tracer: Tracer,
): SessionLock {
  const markPrefix = `${prefix}:`
  let last: Promise<unknown> = Promise.resolve()
  let stuckHolder: string | undefined

  const findHolder = async () =>
    (await platform.heldLocks()).find(({ name }) => name === prefix)?.clientId

  async function patience(): Promise<number> {
    const isStuck = stuckHolder !== undefined && (await findHolder()) === stuckHolder
    return isStuck ? SHORT_WAIT : MAX_WAIT
  }

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
    for (const { name } of await platform.heldLocks()) {
      if (name?.startsWith(markPrefix)) tabs.adoptNotice(name.slice(markPrefix.length))
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
      tracer.takeStep?.({ kind: 'lock', operation, phase })

    async function run(lock?: unknown) {
      trace(lock ? 'held' : 'unlocked')
      try {
        if (lock) await readMarks()
        const { epoch } = tabs.latest()
        const result = await task()
        // What is written back is no newer, but may be what others cannot see yet.
        if (operation === 'session' || tabs.latest().epoch > epoch) await leaveMark()
        return result
      } finally {
        trace('released')
      }
    }

    const activation = platform.whenActivated()
    if (activation) await activation
    trace('waiting')
    for (let locks = 0; locks < MAX_LOCKS; locks += 1) {
      const giveUp = new AbortController()
      let isStarted = false
      const stopWaiting = platform.atEnd(() => giveUp.abort())
      const cancel = platform.setTimer(stuckHolder ? await patience() : MAX_WAIT, stopWaiting)
      try {
        const locked = platform.requestLock(prefix, { signal: giveUp.signal }, (lock) => {
          isStarted = true
          stuckHolder = undefined
          return run(lock)
        })
        if (locked) return await locked
        const turn = last.then(() => claim(run))
        last = turn.catch(() => undefined)
        return await turn
      } catch (error) {
        if (isStarted && operation === 'endLogin') throw error
        if (!isStarted && giveUp.signal.aborted) {
          stuckHolder = await findHolder()
          break
        }
      } finally {
        cancel()
        stopWaiting()
      }
    }
    // Nothing waits for a client that was disposed.
    return platform.isDisposed() ? new Promise(() => {}) : run()
  }
}
