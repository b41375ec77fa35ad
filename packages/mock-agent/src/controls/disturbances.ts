// What a test has in store for the next calls of an operation: failures, and answers that take their time.
import type { Operation } from '@token-handler/contract'
import type { Clock } from './clock.ts'
import type { Failure } from './failures.ts'

/** How many calls in a row are meant. Default: 1. */
export interface Times {
  readonly times?: number
}

/** An answer that is held back. */
export interface HeldAnswer {
  /** Resolves when the call has reached the agent and done its work there. */
  readonly arrived: Promise<void>
  /** Lets the answer go, now or as soon as there is one. */
  readonly release: () => void
}

/** What happens to one call. */
export interface Disturbance {
  readonly failure: Failure | undefined
  /** Resolves when the answer may go. */
  readonly wait: () => Promise<void>
}

/** All that is still to come. */
export interface Disturbances {
  readonly failNext: (operation: Operation, failure: Failure, options?: Times) => void
  readonly delay: (operation: Operation, milliseconds: number, options?: Times) => void
  readonly hang: (operation: Operation) => HeldAnswer
  /** What happens to the call that has just arrived; each call uses up what is due. */
  readonly take: (operation: Operation) => Disturbance
  /** Nothing is to come, and nobody is kept waiting. */
  readonly clear: () => void
}

/** Entries of one kind, first come first served for each operation. */
function createQueue<T>() {
  let due: readonly { readonly operation: Operation; readonly value: T }[] = []
  return {
    add: (operation: Operation, value: T, { times = 1 }: Times = {}): void => {
      due = [...due, ...Array.from({ length: times }, () => ({ operation, value }))]
    },
    take: (operation: Operation): T | undefined => {
      const next = due.find((entry) => entry.operation === operation)
      due = due.filter((entry) => entry !== next)
      return next?.value
    },
    clear: (): void => {
      due = []
    },
  }
}

/** Starts undisturbed. */
export function createDisturbances(clock: Clock): Disturbances {
  const failures = createQueue<Failure>()
  const pauses = createQueue<() => Promise<void>>()
  let releases: readonly (() => void)[] = []

  return {
    failNext: failures.add,
    delay: (operation, milliseconds, options) =>
      pauses.add(operation, () => clock.sleep(milliseconds), options),
    hang: (operation) => {
      const { promise: arrived, resolve: arrive } = createSignal()
      const { promise: released, resolve: release } = createSignal()
      releases = [...releases, release]
      pauses.add(operation, () => {
        arrive()
        return released
      })
      return { arrived, release }
    },
    take: (operation) => {
      const pause = pauses.take(operation)
      return { failure: failures.take(operation), wait: async () => pause?.() }
    },
    clear: () => {
      failures.clear()
      pauses.clear()
      clock.wakeAll()
      for (const release of releases) release()
      releases = []
    },
  }
}

function createSignal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
