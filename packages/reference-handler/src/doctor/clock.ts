// Comparing two clocks by the header `Date` of an answer.
import type { Finding } from './finding.ts'

/** Seconds that clocks may differ by: what the checks of ID tokens bear. */
const TOLERANCE = 30

/**
 * Finds a clock that is off.
 *
 * @param headers - of an answer; a cache says in `Age` how old its `Date` is
 * @param now - milliseconds since the epoch, when the answer came
 * @param names - whose clock each of the two is
 */
export function compareClocks(
  headers: { readonly get: (name: string) => string | null },
  now: number,
  names: { readonly about: string; readonly here: string; readonly there: string },
): readonly Finding[] {
  const date = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(date)) return []
  const age = Number(headers.get('age') ?? 0) || 0
  const seconds = Math.round((now - date) / 1000 - age)
  if (Math.abs(seconds) <= TOLERANCE) return []
  const direction = seconds > 0 ? 'ahead of' : 'behind'
  return [
    {
      code: 'clock_off',
      about: names.about,
      cause: `${names.here} is ${inWords(Math.abs(seconds))} ${direction} ${names.there}, by the header Date of ${names.about}.`,
      mend: 'Set the clock of the machine that is wrong, with NTP. ID tokens are refused when their times make no sense here, and sessions end too early or too late.',
    },
  ]
}

function inWords(seconds: number): string {
  if (seconds >= 90 * 60) return `${Math.round(seconds / 3600)} hours`
  return seconds >= 120 ? `${Math.round(seconds / 60)} minutes` : `${seconds} seconds`
}
