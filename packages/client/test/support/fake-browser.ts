// What the tabs of one browser share: a clock that only the test moves, storage, locks and channels.
import type { Channel, HeldLock, KeyValueStore, RequestLock } from '../../src/platform/platform.ts'
import { createFakeLocks } from './fake-locks.ts'

/** When every test begins, in ms. */
export const START = Date.UTC(2026, 0, 1)

/** Parts of the platform that one page has of its browser; gone with the page. */
export interface BrowserPage {
  readonly localStorage: KeyValueStore
  readonly onStored: (key: string, listener: () => void) => () => void
  readonly requestLock: RequestLock
  readonly heldLocks: () => Promise<readonly HeldLock[]>
  readonly openChannel: (name: string, listener: (message: unknown) => void) => Channel | undefined
  readonly setTimer: (delay: number, callback: () => void) => () => void
  readonly isOpen: () => boolean
  /** In the back/forward cache a page hears nothing, and its timers stand still. */
  readonly isFrozen: () => boolean
  readonly freeze: (isFrozen: boolean) => void
  /** WebKit: a page in the back/forward cache loses its locks, and hears of it when it is back. */
  readonly loseLocks: () => void
  /** What runs on the page clears storage: other pages hear of it. */
  readonly clearStorage: () => void
  /** The page goes: its locks are free, its channels closed, its timers never fire. */
  readonly close: () => void
}

/** What this browser lacks. */
export interface Lacks {
  readonly locks?: boolean
  readonly channel?: boolean
  readonly storage?: boolean
}

/** The browser. */
export interface FakeBrowser {
  readonly now: () => number
  readonly monotonicNow: () => number
  readonly localStorage: Map<string, string>
  readonly openPage: () => BrowserPage
  /** Time passes. */
  readonly advance: (milliseconds: number) => void
  /** Milliseconds until the next timer fires, if there is one. */
  readonly nextTimerIn: () => number | undefined
  readonly timerCount: () => number
  /** How many listeners and channels pages have. */
  readonly listenerCount: () => number
  /** Only the wall clock moves: the machine slept, or somebody set the clock, forward or (negative) back. */
  readonly setClockForward: (milliseconds: number) => void
  /** Every message that was posted, oldest first. */
  readonly messages: readonly unknown[]
}

/** What a page, in a process of its own, still sees of storage that others have written since. */
type View = Map<string, { readonly value: string | undefined; unseen: number }>

/**
 * @param deliver - brings messages and storage events to the other tabs: in a microtask unless told otherwise
 * @param grant - as `deliver`, for locks that are free
 */
export function createFakeBrowser(
  lacks: Lacks = {},
  deliver: (arrive: () => void) => void = queueMicrotask,
  grant?: (arrive: () => void) => void,
): FakeBrowser {
  let wall = START
  let monotonic = 0
  const stored = new Map<string, string>()
  const views = new Map<BrowserPage, View>()
  const storageListeners = new Set<{ page: BrowserPage; key: string; listener: () => void }>()
  const channels = new Set<{
    page: BrowserPage
    name: string
    listener: (message: unknown) => void
  }>()
  const locks = createFakeLocks(grant)
  const timers = new Set<{ page: BrowserPage; at: number; callback: () => void }>()
  const messages: unknown[] = []

  function openPage(): BrowserPage {
    let isOpen = true
    let isFrozen = false
    const view: View = new Map()
    const page: BrowserPage = {
      isOpen: () => isOpen,
      isFrozen: () => isFrozen,
      freeze(next) {
        isFrozen = next
      },
      localStorage: {
        get: (key) =>
          lacks.storage ? undefined : view.has(key) ? view.get(key)?.value : stored.get(key),
        set(key, value) {
          if (!isOpen || lacks.storage) return
          for (const [other, theirs] of views) {
            if (other === page) continue
            const before = theirs.get(key) ?? { value: stored.get(key), unseen: 0 }
            before.unseen += 1
            theirs.set(key, before)
            deliver(() => {
              before.unseen -= 1
              if (before.unseen === 0 && theirs.get(key) === before) theirs.delete(key)
              for (const entry of storageListeners) {
                if (entry.page === other && entry.key === key) entry.listener()
              }
            })
          }
          view.delete(key)
          stored.set(key, value)
        },
        remove(key) {
          if (isOpen && stored.delete(key)) forget(key)
        },
      },
      clearStorage() {
        stored.clear()
        forget()
      },
      onStored(key, listener) {
        const entry = { page, key, listener: () => !isFrozen && listener() }
        storageListeners.add(entry)
        return () => void storageListeners.delete(entry)
      },
      requestLock(name, options, task) {
        if (lacks.locks) return undefined
        return isOpen ? locks.request(page, name, options, task) : new Promise(() => {})
      },
      heldLocks: async () => locks.held(),
      openChannel(name, listener) {
        if (lacks.channel) return undefined
        const hear = (message: unknown) => void (!isFrozen && listener(message))
        const entry = { page, name, listener: hear }
        channels.add(entry)
        return {
          post(message) {
            if (!channels.has(entry)) return
            messages.push(message)
            for (const other of channels) {
              if (other === entry || other.name !== name) continue
              const copy: unknown = structuredClone(message)
              deliver(() => channels.has(other) && other.listener(copy))
            }
          },
          close: () => channels.delete(entry),
        }
      },
      setTimer(delay, callback) {
        const timer = { page, at: monotonic + delay, callback }
        timers.add(timer)
        return () => void timers.delete(timer)
      },
      loseLocks: () => locks.lose(page),
      close() {
        isOpen = false
        views.delete(page)
        for (const all of [storageListeners, channels, timers]) {
          for (const entry of all) if (entry.page === page) all.delete(entry as never)
        }
        locks.release(page)
      },
    }
    views.set(page, view)
    return page

    /** A key, or all of them, has been removed: other pages hear of it. */
    function forget(key?: string): void {
      for (const [other, theirs] of views) {
        if (key === undefined) theirs.clear()
        else theirs.delete(key)
        if (other === page) continue
        deliver(() => {
          for (const entry of storageListeners) {
            if (entry.page === other && (key ?? entry.key) === entry.key) entry.listener()
          }
        })
      }
    }
  }

  function fireTimers(): void {
    for (const timer of timers) {
      if (timer.at > monotonic || timer.page.isFrozen()) continue
      timers.delete(timer)
      timer.callback()
    }
  }

  return {
    now: () => wall,
    monotonicNow: () => monotonic,
    localStorage: stored,
    openPage,
    messages,
    advance(milliseconds) {
      wall += milliseconds
      monotonic += milliseconds
      fireTimers()
    },
    nextTimerIn() {
      const running = [...timers].filter((timer) => !timer.page.isFrozen())
      const next = Math.min(...running.map(({ at }) => at))
      // Those of a page that has just come back may be late.
      return Number.isFinite(next) ? Math.max(next - monotonic, 0) : undefined
    },
    timerCount: () => timers.size,
    listenerCount: () => storageListeners.size + channels.size,
    setClockForward(milliseconds) {
      wall += milliseconds
    },
  }
}
