// The page of a test: what a page load changes, in a DOM that has none.
import { vi } from 'vitest'
import { createListenerLog } from './listener-log.ts'

/** The page that the app under test is on. */
export interface TestPage {
  /**
   * Is what a page load is, as far as the client sees: the page before is left, the address bar shows this
   * URL, and modules are evaluated anew when they are imported. Import the app after it.
   *
   * @param url - relative to the page's origin, or a URL of that origin, e.g. that of `agent.completeLogin`
   */
  readonly open: (url: string) => void
  /** Where the page has wanted to leave for since it was opened, oldest first. It stays where it is. */
  readonly departures: readonly string[]
}

/** `location`, but for what would leave the page. The DOM's own cannot be changed, so it is not the target. */
function watchLocation(real: Location, leave: (url: string) => void): Location {
  const depart = (url: string | URL): void => leave(new URL(url, real.href).href)
  return new Proxy({} as Location, {
    get(_target, name) {
      if (name === 'assign' || name === 'replace') return depart
      const value: unknown = Reflect.get(real, name, real)
      return typeof value === 'function' ? (value as () => unknown).bind(real) : value
    },
    set(_target, name, value: string) {
      if (name !== 'href') return Reflect.set(real, name, value, real)
      depart(value)
      return true
    },
  })
}

/** For the tests of one file. */
export function createTestPage() {
  const departures: string[] = []
  const listeners = createListenerLog()
  let restoreLocation = (): unknown => undefined

  /** Not by `vi.stubGlobal`: tests take back their own stubs with all others, and so would this. */
  function replaceLocation(): void {
    const real = Object.getOwnPropertyDescriptor(globalThis, 'location')
    const value = watchLocation(location, (url) => void departures.push(url))
    Object.defineProperty(globalThis, 'location', { value, configurable: true, writable: true })
    restoreLocation = () =>
      real
        ? Object.defineProperty(globalThis, 'location', real)
        : Reflect.deleteProperty(globalThis, 'location')
  }

  const page: TestPage = {
    departures,
    open(url) {
      // Closes what the clients of the page before have open, and keeps them from coming back.
      window.dispatchEvent(new Event('pagehide'))
      listeners.removeAll()
      departures.length = 0
      history.replaceState(null, '', url)
      vi.resetModules()
    },
  }
  return {
    page,
    install: (): void => {
      if (typeof document === 'undefined') {
        throw new Error(
          "setupMockAgent needs a page. Say environment: 'jsdom' in vitest.config.ts, or begin the file with // @vitest-environment jsdom.",
        )
      }
      replaceLocation()
      listeners.install()
    },
    uninstall: (): void => {
      listeners.uninstall()
      restoreLocation()
    },
  }
}
