// A clock whose hands a test moves, and timers that go by it.
import type { Schedule } from '../../src/ports.ts'

export function createManualTime() {
  let time = Date.UTC(2030, 0, 1)
  const timers = new Set<{ readonly at: number; readonly action: () => void }>()

  const schedule: Schedule = (milliseconds, action) => {
    const timer = { at: time + milliseconds, action }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  return {
    now: () => time,
    schedule,
    /** Lets time pass, and does what is due by then. */
    advance(milliseconds: number): void {
      time += milliseconds
      for (const timer of timers) {
        if (timer.at > time) continue
        timers.delete(timer)
        timer.action()
      }
    },
    /** How many actions are still to come. */
    pending: () => timers.size,
  }
}

export type ManualTime = ReturnType<typeof createManualTime>
