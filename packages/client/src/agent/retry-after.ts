// How long an answer asks to be left alone.

/**
 * Reads `Retry-After`: seconds, or a date.
 *
 * @param now - milliseconds since the epoch, where the answer does not show its own clock
 * @returns seconds; `undefined` when there is none, or it cannot be read
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 RFC 9110 section 10.2.3}
 */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? ''
  if (/^\d+$/.test(value)) return Number(value)
  // A sign or a point is no date, though engines parse it as one.
  if (!/^[a-z]{3,9},? /i.test(value)) return undefined
  const until = parseDate(value)
  const sentAt = parseDate(headers.get('date') ?? '')
  const seconds = (until - (sentAt || now)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds)
}

// oxlint-disable-next-line no-restricted-globals -- reads a text, and no clock
const parseDate = (text: string): number => Date.parse(text)
