// The port of a store that all instances of a deployment share.
import type { EndingStore } from './ending-store.ts'
import type { RateStore } from './rate-store.ts'
import type { RefreshStore } from './refresh-store.ts'
import type { SessionStore } from './session-store.ts'

/** One call of a store, for metrics. */
export interface StoreCall {
  /** Which step it was, such as `begin`. */
  readonly operation: string
  readonly outcome: 'ok' | 'failed'
  readonly seconds: number
}

/** A store that all instances share. What it is given is named and sealed with keys of the tenant. */
export interface SharedStore {
  /** What each refresh token is used once with. */
  readonly refreshes: RefreshStore
  /** What instances hear of ended sessions with. */
  readonly endings: EndingStore
  /** What does not fit into cookies. */
  readonly sessions: SessionStore
  /** What requests are counted with. */
  readonly rates: RateStore
  /** Resolves with what is wrong with the store, if anything is. Never rejects. */
  readonly check: () => Promise<string | undefined>
  /** Has every call reported, until the store is closed. */
  readonly onCall: (listener: (call: StoreCall) => void) => void
  /** Closes the connections, once what refreshes under way have brought is stored. */
  readonly close: () => Promise<void>
}
