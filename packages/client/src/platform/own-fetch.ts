// The page's `fetch`, also where an app has put the client's own in its place: that would call itself for ever.
import type { Fetch } from './platform.ts'

/**
 * Sends by the `fetch` that is there when it is called, so that instrumentation sees every request. A request
 * that comes back here, because that `fetch` leads to this client, goes to the one that was there before.
 *
 * @param before - the page's `fetch` when the client was created
 * @param current - gives the one that is there now
 */
export function createOwnFetch(before: Fetch, current: () => Fetch): Fetch {
  const sent = new WeakMap<RequestInit, string | URL | Request>()
  let isSending = false
  return (input, given) => {
    const init = given ?? {}
    // At once, or later by a wrapper that hands its arguments on.
    if (isSending || sent.get(init) === input) return before(input, init)
    sent.set(init, input)
    isSending = true
    try {
      return current()(input, init)
    } finally {
      isSending = false
    }
  }
}
