// The one place of a mock that changes.
import type { MockState } from './mock-state.ts'
import type { MockStorage } from './options.ts'
import type { MockUsers } from './users.ts'

/** Holds the state of one mock. */
export interface Memory<U extends MockUsers> {
  readonly read: () => MockState<U>
  /** Replaces the state by what `move` makes of it. */
  readonly update: (move: (state: MockState<U>) => MockState<U>) => void
}

/**
 * Creates the memory of one mock.
 *
 * @param start - the state to begin with, when none is stored
 * @param storage - keeps the state over page loads
 * @param key - names it in the storage
 */
export function createMemory<U extends MockUsers>(
  start: () => MockState<U>,
  storage: MockStorage | undefined,
  key: string,
): Memory<U> {
  const stored = storage?.getItem(key) ?? undefined
  // Nobody but `update` writes it.
  let state = stored === undefined ? start() : (JSON.parse(stored) as MockState<U>)
  return {
    read: () => state,
    update: (move) => {
      state = move(state)
      storage?.setItem(key, JSON.stringify(state))
    },
  }
}
