// Holds the state of a mock, and keeps it over page loads: the one place of a mock that changes.
import type { MockState } from './mock-state.ts'
import type { MockStorage } from './options.ts'
import { parseStoredState } from './parse-stored-state.ts'
import type { MockUsers } from './users.ts'

/** Holds the state of one mock. */
export interface StateStore<U extends MockUsers> {
  readonly read: () => MockState<U>
  /** Replaces the state by what `move` makes of it. */
  readonly update: (move: (state: MockState<U>) => MockState<U>) => void
}

/**
 * Creates the state store of one mock.
 *
 * @param users - the users that can sign in; a stored state that names any other user is discarded
 * @param start - the state to begin with, when none is stored
 * @param storage - keeps the state over page loads
 * @param key - names it in the storage
 */
export function createStateStore<U extends MockUsers>(
  users: U,
  start: () => MockState<U>,
  storage: MockStorage | undefined,
  key: string,
): StateStore<U> {
  let state = parseStoredState(storage?.getItem(key) ?? '', users) ?? start()
  return {
    read: () => state,
    update: (move) => {
      state = move(state)
      storage?.setItem(key, JSON.stringify(state))
    },
  }
}
