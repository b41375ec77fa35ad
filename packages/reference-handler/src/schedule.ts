// Timers of whatever host this runs on, as the port asks for them.
import type { Schedule } from './ports.ts'

/** Schedules with `setTimeout`, which every host of the cores has. */
export const scheduleWithTimers: Schedule = (milliseconds, action) => {
  const timer = setTimeout(action, milliseconds)
  return () => clearTimeout(timer)
}

/** Resolves after so many milliseconds. */
export const pause = (schedule: Schedule, milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    schedule(milliseconds, resolve)
  })
