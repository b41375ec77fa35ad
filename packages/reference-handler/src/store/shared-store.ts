// The port of a store that all instances of a deployment share.
import type { RefreshStore } from './refresh-store.ts'

/** A store that all instances share. What it is given is named and sealed with keys of the tenant. */
export interface SharedStore {
  /** What each refresh token is used once with. */
  readonly refreshes: RefreshStore
}
