// The browser: the only file that names its globals.
import type { KeyValueStore, Platform } from './platform.ts'

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

/** The browser this runs in. On a server it can be created, and has no page and no storage. */
export function createBrowserPlatform(): Platform {
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    timeout: (delay) => AbortSignal.timeout(delay),
    localStorage: createKeyValueStore(() => localStorage),
    sessionStorage: createKeyValueStore(() => sessionStorage),
    pageUrl: () => (typeof location === 'undefined' ? NO_PAGE : location.href),
    baseUrl: () => (typeof document === 'undefined' ? NO_PAGE : document.baseURI),
    replaceUrl: (url) => history.replaceState(history.state, '', url),
    navigate: (url) => location.assign(url),
    onRestored(listener) {
      if (typeof window === 'undefined') return
      window.addEventListener('pageshow', (event) => {
        if (event.persisted) listener()
      })
    },
  }
}
