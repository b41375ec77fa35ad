// The outside world of the cores: network, clock and log come in through here and nowhere else.

/** What the handler sends. A redirect is never followed: it could carry credentials elsewhere. */
export interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string | URLSearchParams | null
  readonly redirect: 'manual'
  readonly signal?: AbortSignal
}

/** Sends one request to the authorization server. The global `fetch` fits. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>

/** Where events go. A pino logger fits. */
export interface Log {
  readonly debug: (fields: object, message: string) => void
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}

/** What agent and proxy need of the place they run in. */
export interface Ports {
  readonly fetch: Fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
}
