// One alarm at a time, for an instant of the wall clock, which may be set, and on a machine that may sleep.
import type { Platform } from '../platform/platform.ts'

/** Sets the alarm, or with `undefined` turns it off; forgets the instant before. Milliseconds since the epoch. */
export type SetAlarm = (at: number | undefined) => void

// While a machine sleeps, timers may stop and the wall clock goes on: so often it is looked at. Milliseconds.
const LOOK_AGAIN = 600_000
// When wall clock and monotonic clock part by more, the machine has slept, or the clock was set.
const MAX_DRIFT = 5_000

/**
 * Makes an alarm. It rings when the instant has come by either clock: by the wall clock, or by the time that has
 * passed since it was set.
 *
 * @param ring - called with whether the machine has slept, or the clock was set, since the alarm was set
 */
export function createAlarm(
  platform: Pick<Platform, 'now' | 'monotonicNow' | 'setTimer'>,
  ring: (isClockSet: boolean) => unknown,
): SetAlarm {
  let cancel = () => {}

  return (at) => {
    cancel()
    if (at === undefined) return
    const measureDrift = () => platform.now() - platform.monotonicNow()
    const drift = measureDrift()
    const left = () => at - Math.max(platform.now(), platform.monotonicNow() + drift)
    const wait = () => {
      cancel = platform.setTimer(Math.min(Math.max(left(), 0), LOOK_AGAIN), () => {
        if (left() > 0) wait()
        else ring(Math.abs(measureDrift() - drift) > MAX_DRIFT)
      })
    }
    wait()
  }
}
