// The lifetime of one client: what it has asked of the platform ends with it, timers, listeners and channels.
import { isDevelopment } from '../development.ts'
import { isQuiet, TokenHandlerError } from '../errors.ts'
import type { Platform } from './platform.ts'

/** The platform, as long as one client lives. */
export interface ClientPlatform extends Platform {
  /** Calls back when the client is disposed. The returned function calls back now, and then no more. */
  readonly atEnd: (callback: () => void) => () => void
  readonly isDisposed: () => boolean
  /** As `setTimer`, for what the agent completes after the client was disposed. */
  readonly setLateTimer: Platform['setTimer']
}

/** A method that returns a promise. */
type Method<A extends readonly unknown[], T> = (...values: A) => Promise<T>

/** A platform with an end. */
export interface Lifetime {
  readonly platform: ClientPlatform
  /** Cancels timers, removes listeners, closes channels. */
  readonly end: () => void
  /** The same method until the client is disposed: then calls reject, those in progress too. */
  readonly untilDisposed: <A extends readonly unknown[], T>(method: Method<A, T>) => Method<A, T>
}

const hush = (promise: Promise<unknown>) => void promise.catch(() => {})

const createDisposedError = () =>
  new TokenHandlerError(
    'client_disposed',
    isDevelopment ? 'This client was disposed. Create another one.' : '',
  )

/** Begins a client's lifetime. */
export function beginLifetime(platform: Platform): Lifetime {
  const callbacks = new Set<() => void>()
  let isDisposed = false

  function atEnd(callback: () => void): () => void {
    const callOnce = () => {
      if (callbacks.delete(callOnce)) callback()
    }
    callbacks.add(callOnce)
    return callOnce
  }

  function untilDisposed<A extends readonly unknown[], T>(method: Method<A, T>): Method<A, T> {
    let latest: { readonly work: Promise<T>; readonly result: Promise<T> } | undefined
    return (...values) => {
      if (isDisposed) return Promise.reject(createDisposedError())
      const work = method(...values)
      if (latest?.work === work) return latest.result
      const result = new Promise<T>((resolve, reject) => {
        function fail(error: unknown): void {
          if (isQuiet(error)) hush(result)
          reject(error)
        }
        const settle = atEnd(() => fail(createDisposedError()))
        void work.then(resolve, fail).finally(settle)
      })
      latest = { work, result }
      return result
    }
  }

  return {
    untilDisposed,
    platform: {
      ...platform,
      atEnd,
      isDisposed: () => isDisposed,
      setLateTimer: platform.setTimer,
      fetch: (input, init) =>
        isDisposed ? Promise.reject(createDisposedError()) : platform.fetch(input, init),
      setTimer(delay, callback) {
        if (isDisposed) return () => {}
        const cancel = atEnd(
          platform.setTimer(delay, () => {
            callbacks.delete(cancel)
            callback()
          }),
        )
        return cancel
      },
      onStored: (key, listener) => atEnd(platform.onStored(key, listener)),
      onPageEvent: (listener) => atEnd(platform.onPageEvent(listener)),
      openChannel(name, listener) {
        const channel = platform.openChannel(name, listener)
        return channel && { post: channel.post, close: atEnd(channel.close) }
      },
    },
    end() {
      isDisposed = true
      for (const callOnce of callbacks) callOnce()
    },
  }
}
