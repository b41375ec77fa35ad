// The port of a store that counts requests for all instances.

/** Counts what clients ask for. */
export interface RateStore {
  /**
   * Takes one request out of an allowance: a whole minute's worth may be used at once, and comes back evenly. Resolves
   * with the milliseconds until the next one where the allowance is used up, and otherwise with 0.
   */
  readonly take: (name: string, perMinute: number) => Promise<number>
}
