// A browser tab made of plain values, with a clock that only the test moves.
import type { Fetch, KeyValueStore, Platform } from '../../src/platform/platform.ts'

/** The tab, and the controls of the test. */
export interface FakeTab {
  readonly platform: Platform
  readonly localStorage: Map<string, string>
  readonly sessionStorage: Map<string, string>
  /** Where the page was sent, oldest first. */
  readonly navigations: string[]
  /** What the address bar was changed to without a navigation, oldest first. */
  readonly replacements: string[]
  readonly url: () => string
  /** The user opens a URL in this tab, or reloads it: scripts start anew, storage stays. */
  readonly open: (url: string) => void
  readonly advance: (milliseconds: number) => void
  /** The page comes back from the back/forward cache. */
  readonly restore: () => void
}

/** When every test begins, in ms. */
export const START = Date.UTC(2026, 0, 1)

function createMapStore(map: Map<string, string>): KeyValueStore {
  return {
    get: (key) => map.get(key),
    set: (key, value) => void map.set(key, value),
    remove: (key) => void map.delete(key),
  }
}

export function createFakeTab(fetch: Fetch, startUrl = 'https://www.example.com/'): FakeTab {
  let url = startUrl
  let now = START
  const timeouts = new Set<{ readonly at: number; readonly controller: AbortController }>()
  const restoredListeners: (() => void)[] = []
  const localStorage = new Map<string, string>()
  const sessionStorage = new Map<string, string>()
  const navigations: string[] = []
  const replacements: string[] = []
  return {
    localStorage,
    sessionStorage,
    navigations,
    replacements,
    platform: {
      fetch,
      now: () => now,
      timeout(delay) {
        const controller = new AbortController()
        timeouts.add({ at: now + delay, controller })
        return controller.signal
      },
      localStorage: createMapStore(localStorage),
      sessionStorage: createMapStore(sessionStorage),
      pageUrl: () => url,
      baseUrl: () => url,
      replaceUrl(next) {
        url = next
        replacements.push(next)
      },
      navigate: (next) => void navigations.push(next),
      onRestored: (listener) => void restoredListeners.push(listener),
    },
    url: () => url,
    open(next) {
      url = next
    },
    advance(milliseconds) {
      now += milliseconds
      for (const { at, controller } of timeouts) {
        if (at <= now) controller.abort(new DOMException('signal timed out', 'TimeoutError'))
      }
    },
    restore() {
      for (const listener of restoredListeners) listener()
    },
  }
}
