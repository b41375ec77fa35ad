// The browser: the only file that names its globals.
import { createOwnFetch } from './own-fetch.ts'
import type { Channel, KeyValueStore, Platform } from './platform.ts'

// Where there is no page (server-side rendering), relative URLs resolve to a name that never answers.
const NO_PAGE = 'http://no-page.invalid/'

/** Storage may be blocked, full, or not there at all; reading the property already throws then. */
function createKeyValueStore(area: () => Storage): KeyValueStore {
  const attempt = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(area())
    } catch {
      return undefined
    }
  }
  return {
    get: (key) => attempt((storage) => storage.getItem(key)) ?? undefined,
    set: (key, value) => attempt((storage) => storage.setItem(key, value)),
    remove: (key) => attempt((storage) => storage.removeItem(key)),
  }
}

const hasPage = (): boolean => typeof document !== 'undefined'

/** Missing on a server, on insecure origins and in old browsers. */
const findLocks = (): LockManager | undefined => (hasPage() ? navigator.locks : undefined)

function openChannel(name: string, listener: (message: unknown) => void): Channel | undefined {
  if (!hasPage() || typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', ({ origin, data }: MessageEvent<unknown>) => {
    // Always so in a browser. A DOM for tests has a channel that other tests' pages are at, too, and
    // that brings messages when the test is over and its page is gone.
    if (hasPage() && origin === location.origin) listener(data)
  })
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is Window's
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  }
}

/** The browser this runs in. On a server it can be created, and has no page and no storage. */
export function createBrowserPlatform(): Platform {
  // Tells the copies of the SDK on one page apart: storage events go to other pages only.
  const copy = {}
  const stored = createKeyValueStore(() => localStorage)
  return {
    fetch: createOwnFetch(globalThis.fetch, () => globalThis.fetch),
    now: () => Date.now(),
    monotonicNow: () => performance.now(),
    random: () => Math.random(),
    timeout: (delay) => AbortSignal.timeout(Math.ceil(delay)),
    localStorage: {
      ...stored,
      set(key, value) {
        stored.set(key, value)
        if (hasPage()) window.dispatchEvent(new CustomEvent(key, { detail: copy }))
      },
    },
    onStored(key, listener) {
      if (!hasPage()) return
      window.addEventListener('storage', (event) => {
        if (event.key === key) listener()
      })
      window.addEventListener(key, (event) => {
        // Later, as a storage event: whoever writes is in the middle of something.
        if ((event as CustomEvent).detail !== copy) queueMicrotask(listener)
      })
    },
    requestLock: (name, options, task) => findLocks()?.request(name, options, task),
    async heldLocks() {
      const { held = [] } = (await findLocks()?.query()) ?? {}
      return held.flatMap(({ name }) => name ?? [])
    },
    openChannel,
    sessionStorage: createKeyValueStore(() => sessionStorage),
    pageUrl: () => (hasPage() ? location.href : NO_PAGE),
    baseUrl: () => (hasPage() ? document.baseURI : NO_PAGE),
    replaceUrl: (url) => history.replaceState(history.state, '', url),
    isUserActive: () =>
      hasPage() && 'userActivation' in navigator && navigator.userActivation.isActive,
    navigate: (url, isReplacing) => (isReplacing ? location.replace(url) : location.assign(url)),
    isVisible: () => hasPage() && document.visibilityState === 'visible',
    onPageEvent(listener) {
      if (!hasPage()) return
      document.addEventListener('visibilitychange', () => listener(document.visibilityState))
      window.addEventListener('online', () => listener('online'))
      window.addEventListener('pagehide', () => listener('left'))
      window.addEventListener('pageshow', (event) => {
        if (event.persisted) listener('restored')
      })
    },
  }
}
