// The timers of Node, as the handler's port asks for them.
import type { Schedule } from '../../ports.ts'

/** Node's timers take no longer ones. */
const MAX_DELAY = 2 ** 31 - 1

/** Schedules with `setTimeout`. */
export const scheduleTimeout: Schedule = (milliseconds, action) => {
  const timer = setTimeout(action, Math.min(milliseconds, MAX_DELAY))
  return () => clearTimeout(timer)
}
