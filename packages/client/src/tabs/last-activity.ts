// When the user has last done something in any tab of this origin: each tab writes it down, and reads what the others write.
import type { Platform } from '../platform/platform.ts'

/** When the user has last done something. */
export interface LastActivity {
  /** The user does something on this page. */
  readonly note: () => void
  /** How long ago it was, in milliseconds. A tab whose storage is blocked knows of itself only. */
  readonly age: () => number
}

const KEY = 'token-handler:activity'
// Not at every key. Milliseconds.
const WRITE_INTERVAL = 1000

/**
 * Begins with activity at this moment, which is not written. Time passes by either clock: the wall clock goes on while the
 * machine sleeps, and the monotonic clock cannot be set back.
 *
 * @param onOther - called when another tab has written
 */
export function createLastActivity(
  platform: Pick<Platform, 'localStorage' | 'monotonicNow' | 'now' | 'onStored'>,
  onOther: () => void,
): LastActivity {
  const { localStorage, monotonicNow, now } = platform
  const measureDrift = () => now() - monotonicNow()
  let at = now()
  let drift = measureDrift()
  let writtenAt = 0
  /** What storage said when it was last read: an instant means nothing any more once the clock was set. */
  let read: string | undefined

  function set(instant: number): void {
    at = instant
    drift = measureDrift()
  }

  const ownAge = () => Math.max(now(), monotonicNow() + drift) - at

  platform.onStored(KEY, onOther)
  return {
    note() {
      set(now())
      if (Math.abs(at - writtenAt) < WRITE_INTERVAL) return
      writtenAt = at
      localStorage.set(KEY, String(at))
    },
    age() {
      const stored = localStorage.get(KEY)
      if (stored !== read) {
        read = stored
        // Of the future: the clock was set back since.
        const age = Math.abs(now() - Number(stored))
        if (age < ownAge()) set(now() - age)
      }
      return ownAge()
    },
  }
}
