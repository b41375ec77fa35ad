// The one error of a store that cannot be asked for what a request cannot do without.

/** The store that holds the session cannot be asked now; cookies stay as they are. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
