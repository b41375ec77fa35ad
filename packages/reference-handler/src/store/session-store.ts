// The port of a store that holds what does not fit into cookies.

/** Keeps sealed texts by name, for a time each. */
export interface SessionStore {
  /** @param keptFor - milliseconds */
  readonly put: (name: string, sealed: string, keptFor: number) => Promise<void>
  /**
   * Resolves with the text, or `undefined` when it is not there any more.
   *
   * @param keptFor - milliseconds from now that it is kept from now on; without, as it was
   */
  readonly get: (name: string, keptFor?: number) => Promise<string | undefined>
  /** Keeps it for so many more milliseconds at most, whoever reads it until then; 0 deletes it. */
  readonly retire: (name: string, keptFor: number) => Promise<void>
}
