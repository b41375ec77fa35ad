// The isLoggedIn flag: remembers across page loads whether a user was signed in. A hint that heals itself, never an identity.
import type { KeyValueStore } from '../platform/platform.ts'
import type { Session } from './session.ts'

/** Where the flag is kept. */
export interface LoggedInFlag {
  /** What it says; nothing when it is absent, and when "signed out" was too long ago to be believed. */
  readonly isLoggedIn: () => boolean | undefined
  /** Remembers whether there is a session; one that is not known yet changes nothing. */
  readonly write: (session: Session<unknown>) => void
  /** Makes it absent: the next page load asks the agent. */
  readonly forget: () => void
}

/**
 * Keeps the flag in storage, as `true:` or `false:` and the time.
 *
 * @param storage - `undefined` when the app wants no flag: it is always absent then
 * @param prefix - the same for all apps of this origin that use the same agent
 * @param maxAge - how long "signed out" is believed, in seconds
 */
export function createLoggedInFlag(
  storage: KeyValueStore | undefined,
  prefix: string,
  now: () => number,
  maxAge: number,
): LoggedInFlag {
  const key = `${prefix}:isLoggedIn`
  return {
    isLoggedIn() {
      const [, value, writtenAt] = /^(true|false):(\d+)$/.exec(storage?.get(key) ?? '') ?? []
      if (value !== 'false') return value === 'true' || undefined
      const age = now() - Number(writtenAt)
      // A flag from the future means that the clock was set back.
      return age >= 0 && age < maxAge * 1000 ? false : undefined
    },
    write({ status }) {
      if (status === 'authenticated' || status === 'unauthenticated') {
        storage?.set(key, `${status === 'authenticated'}:${now()}`)
      }
    },
    forget: () => storage?.remove(key),
  }
}
