// The mock's clock, which a test may move on.

/** A clock, and sleeping by it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Moves the clock on, and resolves the waits that are due. */
  readonly advance: (milliseconds: number) => void
  /** Resolves when the time is over: by a timer, or at once when the clock is moved on far enough. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Resolves all waits. */
  readonly wakeAll: () => void
}

interface Sleeper {
  readonly wakesAt: number
  readonly wake: () => void
}

/** Creates a clock that runs with another one. */
export function createClock(base: () => number): Clock {
  let advanced = 0
  let sleepers: readonly Sleeper[] = []
  const now = (): number => base() + advanced
  const wake = (isOver: (sleeper: Sleeper) => boolean): void => {
    for (const sleeper of sleepers.filter(isOver)) sleeper.wake()
  }

  return {
    now,
    advance: (milliseconds) => {
      advanced += milliseconds
      wake(({ wakesAt }) => wakesAt <= now())
    },
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = {
          wakesAt: now() + milliseconds,
          wake: () => {
            clearTimeout(timer)
            sleepers = sleepers.filter((other) => other !== sleeper)
            resolve()
          },
        }
        const timer = setTimeout(sleeper.wake, milliseconds)
        sleepers = [...sleepers, sleeper]
      }),
    wakeAll: () => wake(() => true),
  }
}
