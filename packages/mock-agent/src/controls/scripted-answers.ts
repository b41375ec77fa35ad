// What a test has scripted for the next calls of an operation: failures, delays, and answers that hang.
import type { Operation } from '@token-handler/contract'
import type { Clock } from './clock.ts'
import type { MockFailure } from './failure-response.ts'

/** How many calls in a row are meant. Default: 1. */
export interface Times {
  readonly times?: number | undefined
}

/** An answer that is held back. */
export interface HeldAnswer {
  /** Resolves when the call has reached the agent and done its work there. */
  readonly arrived: Promise<void>
  /** Lets the answer go, now or as soon as there is one. */
  readonly release: () => void
}

/** What is scripted for one call. */
export interface ScriptedAnswer {
  readonly failure: MockFailure | undefined
  /** Resolves when the answer may go. */
  readonly wait: () => Promise<void>
}

/** All that is still to come, in a queue per operation. */
export interface ScriptedAnswers {
  readonly failNext: (operation: Operation, failure: MockFailure, options?: Times) => void
  readonly delay: (operation: Operation, milliseconds: number, options?: Times) => void
  readonly hang: (operation: Operation) => HeldAnswer
  /** What happens to the call that has just arrived; each call uses up what is due. */
  readonly take: (operation: Operation) => ScriptedAnswer
  /** Drops all scripted answers and releases every call that waits. */
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

/** Starts with nothing scripted. */
export function createScriptedAnswers(clock: Clock): ScriptedAnswers {
  const failures = createQueue<MockFailure>()
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
