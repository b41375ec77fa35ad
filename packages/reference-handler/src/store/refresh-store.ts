// The port of a store that all instances share, as far as refreshes go: one step each, however many ask at once.

/** What a store knows of a refresh token at the beginning of a refresh. */
export type Begun =
  /** The lock belongs to this owner: it is the one to refresh. */
  | { readonly kind: 'acquired' }
  /** Another owner refreshes. */
  | { readonly kind: 'locked'; readonly owner: string }
  /** A refresh a moment ago brought this. */
  | { readonly kind: 'result'; readonly value: string }
  /** The refresh of the owner that was waited for has failed. */
  | { readonly kind: 'failure'; readonly value: string }
  /** The user has signed out. */
  | { readonly kind: 'ended' }

/** A wish for the lock of a refresh token. */
export interface LockWish {
  /** A random text, another one for each wish. */
  readonly owner: string
  /** Milliseconds after which the lock is free, unless it is extended. */
  readonly lockedFor: number
  /** A result that the caller has seen and cannot use: as good as none. */
  readonly stale?: string | undefined
  /** The owner that the caller waits for: only its failure concerns the caller. */
  readonly awaited?: string | undefined
}

/** What a refresh brought: sealed, and good for so many milliseconds. */
export interface Outcome {
  readonly kind: 'result' | 'failure'
  readonly value: string
  readonly keptFor: number
}

/**
 * What instances have to share for each refresh token to be used once. Every function is one atomic step in the store,
 * settles within a second or two whatever happens, and rejects when the store cannot be asked. Names are those of one
 * refresh token, one for each cookie secret, newest first: what stands under one of them stands under all. They
 * begin with the same `{…}`, so that a store that is spread over several nodes keeps them together; neither names nor
 * values tell anything.
 */
export interface RefreshStore {
  /** Looks for the mark of an ended session, a result and a lock, in this order; without any, takes the lock. */
  readonly begin: (names: readonly string[], wish: LockWish) => Promise<Begun>
  /** Extends the lock of this owner, and takes it again where the store has lost it; never another owner's. */
  readonly extend: (names: readonly string[], owner: string, lockedFor: number) => Promise<void>
  /**
   * Releases the lock of this owner and keeps the outcome, if there is one: a result for all who come, a failure
   * for those who wait for this owner. Who has lost the lock replaces no result. Resolves with whether the session
   * has been ended in the meantime.
   */
  readonly finish: (
    names: readonly string[],
    owner: string,
    outcome: Outcome | undefined,
  ) => Promise<boolean>
  /** Marks the session as ended for so many milliseconds. Resolves with the result, and whether a lock is held. */
  readonly end: (
    names: readonly string[],
    keptFor: number,
  ) => Promise<{ readonly isLocked: boolean; readonly value: string | undefined }>
}
