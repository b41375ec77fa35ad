// Waiting for what a browser asks of a server.
import { until } from './engines/until.ts'
import type { Exchange, Front } from './front.ts'

/**
 * Waits for a request that comes after this call.
 *
 * @param start - what its URL begins with, after the origin
 */
export function nextRequest({ exchanges, origin }: Front, start: string): Promise<Exchange> {
  const before = exchanges().length
  return until(`a request for ${start}`, async () =>
    exchanges()
      .slice(before)
      .find(({ method, url }) => method !== 'OPTIONS' && url.startsWith(origin + start)),
  )
}

/** Where a page is now. */
export const urlOf = (page: {
  evaluate: (run: () => string) => Promise<string>
}): Promise<string> => page.evaluate(() => location.href)
