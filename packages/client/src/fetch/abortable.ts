// Lets one caller walk away from work that others still wait for.

/**
 * Waits for a promise, but no longer than the signal lets it; the work itself goes on.
 *
 * @returns what the promise gives, or a rejection with the signal's reason
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
