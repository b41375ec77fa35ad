// The port to the outside world: everything the SDK needs of a browser, and nothing else does it touch.

/** The Fetch standard's `fetch`. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>

/** Storage that never throws: what cannot be read is absent, what cannot be written is forgotten. */
export interface KeyValueStore {
  readonly get: (key: string) => string | undefined
  readonly set: (key: string, value: string) => void
  readonly remove: (key: string) => void
}

/** A browser, as the SDK sees it. Every member looks its globals up when it is called, not before. */
export interface Platform {
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A signal that aborts after so many milliseconds. */
  readonly timeout: (delay: number) => AbortSignal
  /** Shared by the tabs of this origin. */
  readonly localStorage: KeyValueStore
  /** Of this tab. */
  readonly sessionStorage: KeyValueStore
  /** The URL in the address bar. */
  readonly pageUrl: () => string
  /** What the browser resolves relative URLs against: a page's `<base>`, else its URL. */
  readonly baseUrl: () => string
  /** Changes the address bar and the current history entry; keeps `history.state`, loads nothing. */
  readonly replaceUrl: (url: string) => void
  /** Leaves the page for another URL. */
  readonly navigate: (url: string) => void
  /** Calls the listener whenever the page comes back from the back/forward cache. */
  readonly onRestored: (listener: () => void) => void
}
