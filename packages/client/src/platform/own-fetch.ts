// The page's `fetch`, also where an app has put the client's own in its place: that would call itself for ever.
import type { Fetch } from './platform.ts'

// So many requests for one URL at a time are one that goes round.
const MAX_NESTED = 250

/**
 * Sends by the `fetch` that is there when it is called, so that instrumentation sees every request. A request
 * that comes back here, because that `fetch` leads to this client, goes to the one that was there before.
 *
 * @param before - the page's `fetch` when the client was created
 * @param current - gives the one that is there now
 */
export function createOwnFetch(before: Fetch, current: () => Fetch): Fetch {
  const sent = new WeakMap<RequestInit, string | URL | Request>()
  /** How often each URL is being asked for. */
  const pending = new Map<string, number>()
  /** Those that led here again, with other arguments each time. */
  const returning = new WeakSet<Fetch>()
  let isSending = false
  return (input, given) => {
    const init = given ?? {}
    const url = typeof input === 'object' && 'url' in input ? input.url : String(input)
    const count = pending.get(url) ?? 0
    const fetch = current()
    if (count > MAX_NESTED) returning.add(fetch)
    // At once, or later by a wrapper that hands its arguments on, or by one that makes others of them each time.
    if (isSending || sent.get(init) === input || returning.has(fetch)) return before(input, init)
    sent.set(init, input)
    pending.set(url, count + 1)
    isSending = true
    try {
      const response = new Promise<Response>((resolve) => resolve(fetch(input, init)))
      const forget = () => {
        sent.delete(init)
        const left = (pending.get(url) ?? 0) - 1
        if (left > 0) pending.set(url, left)
        else pending.delete(url)
      }
      response.then(forget, forget)
      return response
    } finally {
      isSending = false
    }
  }
}
