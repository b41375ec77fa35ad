// The isLoggedIn flag: remembers across page loads whether somebody was signed in. A hint, never a claim.
import type { KeyValueStore } from '../platform/platform.ts'
import type { Session } from './session.ts'

/** What the flag says; absent is the third value. */
export interface LoggedInFlag {
  readonly isLoggedIn: boolean
  /** Milliseconds since the epoch. */
  readonly writtenAt: number
}

/** Where the flag is kept. */
export interface LoggedInFlagStore {
  readonly read: () => LoggedInFlag | undefined
  /** Writes down what is known of a session; a session that is not known changes nothing. */
  readonly follow: (session: Session<unknown>) => void
  /** Makes it absent: the next page load asks the agent. */
  readonly forget: () => void
}

/**
 * Keeps the flag in storage, as `true:` or `false:` and the time.
 *
 * @param storage - `undefined` when the app wants no flag: it is always absent then
 * @param prefix - the same for all apps of this origin that use the same agent
 */
export function createLoggedInFlag(
  storage: KeyValueStore | undefined,
  prefix: string,
  now: () => number,
): LoggedInFlagStore {
  const key = `${prefix}:isLoggedIn`
  return {
    read() {
      const match = /^(true|false):(\d+)$/.exec(storage?.get(key) ?? '')
      return match ? { isLoggedIn: match[1] === 'true', writtenAt: Number(match[2]) } : undefined
    },
    follow({ status }) {
      if (status === 'authenticated' || status === 'unauthenticated') {
        storage?.set(key, `${status === 'authenticated'}:${now()}`)
      }
    },
    forget: () => storage?.remove(key),
  }
}

/**
 * Whether the flag is reason enough to show "signed out" without asking the agent.
 *
 * @param now - milliseconds since the epoch
 * @param maxAge - seconds
 */
export function isBelievedSignedOut(
  flag: LoggedInFlag | undefined,
  now: number,
  maxAge: number,
): boolean {
  if (flag === undefined || flag.isLoggedIn) return false
  const age = now - flag.writtenAt
  // A flag from the future means that the clock was set back.
  return age >= 0 && age < maxAge * 1000
}
