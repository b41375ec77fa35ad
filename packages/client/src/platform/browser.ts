// The browser: the only file that names its globals.
import { harden } from './harden.ts'
import { createOwnFetch } from './own-fetch.ts'
import type { Channel, EarlyAnswer, KeyValueStore, Platform } from './platform.ts'

// Where there is no browser (server-side rendering), relative URLs resolve to a name that never answers.
const NO_PAGE = 'http://no-page.invalid/'

/** What a script in the page's head may have left; see `early-session.ts`. */
interface EarlyPage {
  readonly tokenHandlerEarly?: Record<string, EarlyAnswer>
}

/** Servers have no document, not even those that know `localStorage`, `location` or `navigator.locks`. */
const hasPage = (): boolean => typeof document !== 'undefined'

/** What a web worker resolves relative URLs against: its script, or for one made of a Blob the origin. */
function findWorkerUrl(): string | undefined {
  if (hasPage() || !('WorkerGlobalScope' in globalThis) || typeof location === 'undefined') {
    return undefined
  }
  return [location.href, `${location.origin}/`].find((url) => /^https?:/.test(url))
}

const isBrowser = (): boolean => hasPage() || findWorkerUrl() !== undefined

/** On a server all users would share it. */
function createKeyValueStore(area: () => Storage): KeyValueStore {
  return {
    get: (key) => (hasPage() ? (area().getItem(key) ?? undefined) : undefined),
    set: (key, value) => hasPage() && area().setItem(key, value),
    remove: (key) => hasPage() && area().removeItem(key),
  }
}

/** Missing on a server, on insecure origins and in old browsers. */
const findLocks = (): LockManager | undefined => (isBrowser() ? navigator.locks : undefined)

function openChannel(name: string, listener: (message: unknown) => void): Channel | undefined {
  if (!isBrowser() || typeof BroadcastChannel === 'undefined') return undefined
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', ({ origin, data }: MessageEvent<unknown>) => {
    // Always so in a browser. A DOM for tests has a channel that other tests' pages are at, too, and
    // that brings messages when the test is over and its page is gone.
    if (isBrowser() && origin === location.origin) listener(data)
  })
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is Window's
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  }
}

/** Adds listeners. Returns the function that removes them. */
function listen(
  target: EventTarget,
  listeners: Readonly<Record<string, (event: never) => void>>,
): () => void {
  const entries = Object.entries(listeners) as [string, EventListener][]
  for (const [type, listener] of entries) target.addEventListener(type, listener)
  return () => {
    for (const [type, listener] of entries) target.removeEventListener(type, listener)
  }
}

/**
 * Calls back when the browser aborts the navigation to a URL that is about to begin. Chromium says so too, and goes
 * on with it, when an entry of the page's own history comes in between, as of a router: then the entry changes at
 * once. Where the user goes back to such an entry, the page does stay.
 */
function onAborted({ navigation }: Window, url: string, callback: () => void): void {
  const follow = ({ destination, signal }: NavigateEvent) => {
    if (destination.url !== url) return
    signal.addEventListener('abort', () => {
      let goesOn = false
      const stop = listen(navigation, {
        currententrychange(event: NavigationCurrentEntryChangeEvent) {
          goesOn = event.navigationType !== 'traverse'
        },
      })
      setTimeout(() => {
        stop()
        if (!goesOn) callback()
      })
    })
  }
  navigation.addEventListener('navigate', follow, { once: true })
}

/**
 * The browser this runs in. On a server it can be created, and has no page and no storage.
 *
 * @param own - parts to replace
 */
export function createBrowserPlatform(own: Partial<Platform> = {}): Platform {
  // Tells the copies of the SDK on one page apart: storage events go to other pages only.
  const copy = {}
  const stored = createKeyValueStore(() => localStorage)
  return harden({
    fetch: createOwnFetch(globalThis.fetch, () => globalThis.fetch),
    takeEarlyAnswer(agentUrl) {
      const answers = (globalThis as EarlyPage).tokenHandlerEarly
      const answer = answers?.[agentUrl]
      delete answers?.[agentUrl]
      return answer
    },
    now: () => Date.now(),
    monotonicNow: () => performance.now(),
    random: () => Math.random(),
    setTimer(delay, callback) {
      const timer = setTimeout(callback, Math.ceil(delay))
      // A server, or a test, need not stay alive for it.
      const { unref } = Object(timer) as { unref?: () => void }
      unref?.call(timer)
      return () => clearTimeout(timer)
    },
    localStorage: {
      ...stored,
      set(key, value) {
        stored.set(key, value)
        if (hasPage()) window.dispatchEvent(new CustomEvent(key, { detail: copy }))
      },
    },
    onStored(key, listener) {
      if (!hasPage()) return () => {}
      return listen(window, {
        storage(event: StorageEvent) {
          // Without a key: all of it was cleared.
          if (event.key === key || event.key === null) listener()
        },
        [key](event: CustomEvent) {
          // Later, as a storage event: whoever writes is in the middle of something.
          if (event.detail !== copy) queueMicrotask(listener)
        },
      })
    },
    requestLock: (name, options, task) => findLocks()?.request(name, options, task),
    heldLocks: async () => (await findLocks()?.query())?.held ?? [],
    openChannel,
    sessionStorage: createKeyValueStore(() => sessionStorage),
    pageUrl: () => (hasPage() ? location.href : NO_PAGE),
    baseUrl: () => (hasPage() ? document.baseURI : (findWorkerUrl() ?? NO_PAGE)),
    replaceUrl: (url) => history.replaceState(history.state, '', url),
    isUserActive: () =>
      hasPage() && ('userActivation' in navigator ? navigator.userActivation.isActive : undefined),
    navigate(url, { isReplacing, onStopped }) {
      if ('navigation' in window) onAborted(window, url, onStopped)
      if (isReplacing) location.replace(url)
      else location.assign(url)
    },
    isTopLevel: () => hasPage() && window.top === window.self,
    whenActivated() {
      if (!hasPage() || !('prerendering' in document && document.prerendering)) return undefined
      return new Promise((resolve) => {
        document.addEventListener('prerenderingchange', () => resolve(), { once: true })
      })
    },
    // A worker is never hidden: no event would say that it is shown again.
    isVisible: () => (hasPage() ? document.visibilityState === 'visible' : isBrowser()),
    onPageEvent(listener) {
      if (!hasPage()) return () => {}
      const stop = listen(document, {
        visibilitychange: () => listener(document.visibilityState),
      })
      const stopToo = listen(window, {
        online: () => listener('online'),
        pagehide: () => listener('left'),
        pageshow(event: PageTransitionEvent) {
          if (event.persisted) listener('restored')
        },
      })
      return () => {
        stop()
        stopToo()
      }
    },
    ...own,
  })
}
