// Keeps the promise of the port: what a browser refuses, by an error or a rejection, counts as absent. Browsers
// refuse storage, channels and locks where the user blocks cookies, and in frames of an opaque origin.
import type { KeyValueStore, Platform } from './platform.ts'

/** The function, which returns `undefined` instead of throwing. */
const attempt =
  <A extends readonly unknown[], T>(use: (...values: A) => T) =>
  (...values: A): T | undefined => {
    try {
      return use(...values)
    } catch {
      return undefined
    }
  }

const hardenStore = ({ get, set, remove }: KeyValueStore): KeyValueStore => ({
  get: attempt(get),
  set: attempt(set),
  remove: attempt(remove),
})

/** The same platform, whose members neither throw nor reject; see {@link Platform}. */
export function harden(platform: Platform): Platform {
  return {
    ...platform,
    localStorage: hardenStore(platform.localStorage),
    sessionStorage: hardenStore(platform.sessionStorage),
    takeEarlyAnswer: attempt(platform.takeEarlyAnswer),
    replaceUrl: attempt(platform.replaceUrl),
    openChannel: attempt((name, listener) => {
      const channel = platform.openChannel(name, listener)
      return channel && { post: attempt(channel.post), close: attempt(channel.close) }
    }),
    async heldLocks() {
      try {
        return await platform.heldLocks()
      } catch {
        return []
      }
    },
    requestLock(name, options, task) {
      let isStarted = false
      const request = attempt(platform.requestLock)(name, options, (lock) => {
        isStarted = true
        return task(lock)
      })
      return request?.catch((error: unknown) => {
        const isAborted = error instanceof DOMException && error.name === 'AbortError'
        if (isStarted || isAborted || options.signal?.aborted) throw error
        return task(undefined)
      })
    },
  }
}
