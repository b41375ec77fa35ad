// The port to the outside world: everything the SDK needs of a browser, and nothing else does it touch.

/** The Fetch standard's `fetch`. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>

/** Storage that never throws: what cannot be read is absent, what cannot be written is forgotten. */
export interface KeyValueStore {
  readonly get: (key: string) => string | undefined
  readonly set: (key: string, value: string) => void
  readonly remove: (key: string) => void
}

/** A way to the other tabs of this origin. */
export interface Channel {
  readonly post: (message: unknown) => void
  readonly close: () => void
}

/**
 * Runs a task while no other page or worker of this origin holds the lock of this name. With `ifAvailable` the
 * task is called without a lock (`null`) when it is held. Rejects when `signal` ends the wait.
 * `undefined` where there are no locks.
 * @see {@link https://w3c.github.io/web-locks/#api-lock-manager-request Web Locks, request()}
 */
export type RequestLock = <T>(
  name: string,
  options: { readonly signal?: AbortSignal; readonly ifAvailable?: boolean },
  task: (lock: unknown) => Promise<T>,
) => Promise<T> | undefined

/** What happens to a page: `left` is `pagehide`, `restored` is back from the back/forward cache. */
export type PageEventName = 'visible' | 'hidden' | 'online' | 'left' | 'restored'

/** A browser, as the SDK sees it. Every member looks its globals up when it is called, not before. */
export interface Platform {
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds since some moment. Setting the system clock does not move it; it may stop while the machine sleeps. */
  readonly monotonicNow: () => number
  /** At least 0, less than 1. */
  readonly random: () => number
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (delay: number) => AbortSignal
  /** Shared by the tabs of this origin. */
  readonly localStorage: KeyValueStore
  /**
   * Calls the listener whenever another tab, or another copy of the SDK on this page, has written this
   * key of `localStorage`.
   */
  readonly onStored: (key: string, listener: () => void) => void
  /** Of this tab. */
  readonly sessionStorage: KeyValueStore
  readonly requestLock: RequestLock
  /** The names of the locks that are held in this origin; none where there are no locks. */
  readonly heldLocks: () => Promise<readonly string[]>
  /** Opens the channel of this name, if there are channels; the listener is called with what other tabs post. */
  readonly openChannel: (name: string, listener: (message: unknown) => void) => Channel | undefined
  /** The URL in the address bar. */
  readonly pageUrl: () => string
  /** What the browser resolves relative URLs against: a page's `<base>`, else its URL. */
  readonly baseUrl: () => string
  /** Changes the address bar and the current history entry; keeps `history.state`, loads nothing. */
  readonly replaceUrl: (url: string) => void
  /** Leaves the page for another URL; with `isReplacing` the page's entry in the history becomes that of the URL. */
  readonly navigate: (url: string, isReplacing?: boolean) => void
  /** Whether the user has just clicked or typed something on the page. */
  readonly isUserActive: () => boolean
  readonly isVisible: () => boolean
  readonly onPageEvent: (listener: (event: PageEventName) => void) => void
}
