// Comparing instants that may be unknown.

/** The earlier of two instants, either of which may be unknown. Milliseconds since the epoch. */
export const earliest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
