// Work that goes on when the request that began it is over.

/** What is under way. */
export interface Background {
  /** Takes note of work, and hands it back. */
  readonly track: <T>(work: Promise<T>) => Promise<T>
  /** Resolves when nothing is under way any more. Never rejects. */
  readonly settled: () => Promise<void>
}

/** Milliseconds after which work that has brought no new work is over: between two calls, answers are sealed. */
const PAUSE = 20

/**
 * Creates the account of what is under way. The runtime ends what a request began when its answer is out, or its client
 * has left; but a refresh token that was sent is used up, and other requests may wait for what it brings.
 */
export function createBackground(): Background {
  const pending = new Set<Promise<unknown>>()
  return {
    track(work) {
      pending.add(work)
      const forget = () => void pending.delete(work)
      work.then(forget, forget)
      return work
    },
    async settled() {
      do {
        await Promise.allSettled(pending)
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      } while (pending.size > 0)
    },
  }
}
