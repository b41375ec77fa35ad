// A `fetch` that never leaves the process.

/** The Fetch standard's `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/**
 * Wraps a handler into a `fetch`: relative URLs resolve against the page's origin, aborting rejects, a
 * network error rejects with a `TypeError`, and so does a URL the handler does not know.
 *
 * @param onUnknown - hears of each request that the handler does not know
 */
export function createFetch(
  handle: (request: Request) => Promise<Response | undefined>,
  origin: string,
  onUnknown: (request: Request) => void,
): Fetch {
  return async (input, init) => {
    const request = new Request(input instanceof Request ? input : new URL(input, origin), init)
    const response = await Promise.race([rejectOnAbort(request.signal), handle(request)])
    if (response === undefined) {
      onUnknown(request)
      throw new TypeError(
        `The mock agent does not know ${request.method} ${request.url}: it answers its agentUrl and what protect(url, resolver) names.`,
      )
    }
    if (response.type === 'error') throw new TypeError('Failed to fetch')
    return response
  }
}
