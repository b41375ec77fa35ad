// The port to the outside world: everything the SDK needs of a browser, and nothing else does it touch.

/** The Fetch standard's `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

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
 * task is called without a lock (`null`) when it is held, and where the browser refuses locks with `undefined`.
 * Rejects when `signal` ends the wait; with an `AbortError` when the browser takes the lock away, which WebKit
 * does with a page in the back/forward cache. `undefined` where there are no locks.
 * @see {@link https://w3c.github.io/web-locks/#api-lock-manager-request Web Locks, request()}
 */
export type RequestLock = <T>(
  name: string,
  options: { readonly signal?: AbortSignal; readonly ifAvailable?: boolean },
  task: (lock: unknown) => Promise<T>,
) => Promise<T> | undefined

/**
 * A lock that a page or worker of this origin holds.
 * @see {@link https://w3c.github.io/web-locks/#dictdef-lockinfo Web Locks, LockInfo}
 */
export interface HeldLock {
  readonly name?: string
  /** Of the page or worker that holds it. */
  readonly clientId?: string
}

/** What happens to a page: `left` is `pagehide`, `restored` is back from the back/forward cache. */
export type PageEventName = 'visible' | 'hidden' | 'online' | 'left' | 'restored'

/** An answer of an agent that the page has asked for before any client was there; see `early-session.ts`. */
export interface EarlyAnswer {
  /** When it was asked for, in milliseconds since the epoch. */
  readonly at: number
  /** The newest notice of any tab at that moment, as it stood in storage. */
  readonly notice: string | null
  readonly answer: Promise<Response>
}

/** How to leave the page. */
export interface NavigateOptions {
  /** The page's entry in the history becomes that of the URL. */
  readonly isReplacing: boolean
  readonly onStopped: () => void
}

/**
 * A browser, as the SDK sees it. Every member looks its globals up when it is called, not before. But for `fetch`
 * and a lost lock nothing throws or rejects: what the browser refuses counts as absent.
 */
export interface Platform {
  readonly fetch: Fetch
  /** The session that the page has asked this agent for, if it has, for the first that asks. */
  readonly takeEarlyAnswer: (agentUrl: string) => EarlyAnswer | undefined
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Milliseconds since some moment. Setting the system clock does not move it; it may stop while the machine sleeps. */
  readonly monotonicNow: () => number
  /** At least 0, less than 1. */
  readonly random: () => number
  /** Calls back once, after so many milliseconds. Returns the function that cancels the timer. */
  readonly setTimer: (delay: number, callback: () => void) => () => void
  /** Shared by the tabs of this origin. */
  readonly localStorage: KeyValueStore
  /**
   * Calls the listener whenever another tab, or another copy of the SDK on this page, has written or removed this
   * key of `localStorage`, or another tab has cleared it. Returns the function that removes the listener.
   */
  readonly onStored: (key: string, listener: () => void) => () => void
  /** Of this tab. */
  readonly sessionStorage: KeyValueStore
  readonly requestLock: RequestLock
  /** The locks that are held in this origin; none where there are no locks. */
  readonly heldLocks: () => Promise<readonly HeldLock[]>
  /** Opens the channel of this name, if there are channels; the listener is called with what other tabs post. */
  readonly openChannel: (name: string, listener: (message: unknown) => void) => Channel | undefined
  /** The URL in the address bar. */
  readonly pageUrl: () => string
  /** What the browser resolves relative URLs against: a page's `<base>`, else its URL, or a worker's script. */
  readonly baseUrl: () => string
  /** Changes the address bar and the current history entry; keeps `history.state`, loads nothing. */
  readonly replaceUrl: (url: string) => void
  /** Leaves the page for another URL. Calls back when the browser says that this navigation was aborted; few do. */
  readonly navigate: (url: string, options: NavigateOptions) => void
  /** Whether this is a page in a tab of its own: no frame, worker or server. */
  readonly isTopLevel: () => boolean
  /**
   * Resolves when a page that is only prerendered is activated; `undefined` for any other.
   * @see {@link https://wicg.github.io/nav-speculation/prerendering.html Prerendering Revamped}
   */
  readonly whenActivated: () => Promise<void> | undefined
  /** Whether the user has just clicked or typed something on the page; `undefined` where the browser does not say. */
  readonly isUserActive: () => boolean | undefined
  /** Whether the page is shown; a worker always counts as visible. */
  readonly isVisible: () => boolean
  /** Returns the function that removes the listener. */
  readonly onPageEvent: (listener: (event: PageEventName) => void) => () => void
}
