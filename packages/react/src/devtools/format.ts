// Times and durations as people read them.

/** `12:34:56.789`, in the browser's time zone. */
export function formatTime(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** `320 ms`, `4 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  const seconds = Math.floor(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** `in 2 min 5 s`, or `passed`; `not known` without a value. */
export function formatDeadline(at: number | undefined, now: number): string {
  if (at === undefined) return 'not known'
  return at > now ? `in ${formatDuration(at - now)}` : 'passed'
}
