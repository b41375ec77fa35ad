// The port of a store that tells all instances which sessions have been ended.

/** What is ended is told to all instances, and kept for those that start later. */
export interface EndingStore {
  /**
   * Tells all instances, now and for a day.
   *
   * @param entry - sealed
   * @param names - kept by themselves for longer, so that a session can be asked about
   * @param keptFor - milliseconds that the names are kept
   */
  readonly publish: (
    entry: string,
    names: readonly string[],
    at: number,
    keptFor: number,
  ) => Promise<void>
  /** Resolves with the instant of the latest ending under these names, in milliseconds since the epoch. */
  readonly find: (names: readonly string[]) => Promise<number | undefined>
  /**
   * Hands over all entries of the last day, then each new one within a second, in the same order to all instances.
   *
   * @param listener - gets an entry and its position in that order: two numbers such as `1700000000000-0`, the first of
   *   which decides
   * @returns what ends that
   */
  readonly follow: (listener: (entry: string, position: string) => void) => () => void
  /** Takes note of something that may happen once; resolves with `false` when it has happened before. */
  readonly once: (names: readonly string[], keptFor: number) => Promise<boolean>
}
