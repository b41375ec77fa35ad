// A list of listeners.

/** Listeners of one kind of event. */
export interface Listeners<T> {
  /** Returns the function that removes the listener again. */
  readonly add: (listener: (detail: T) => void) => () => void
  readonly call: (detail: T) => void
  readonly isEmpty: () => boolean
  /** Removes all. */
  readonly clear: () => void
}

/** An empty list. */
export function createListeners<T>(): Listeners<T> {
  // Each registration is its own entry, so that removing one never removes another.
  const listeners = new Set<{ readonly listener: (detail: T) => void }>()
  return {
    add(listener) {
      const entry = { listener }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
    call(detail) {
      for (const { listener } of listeners) {
        try {
          listener(detail)
        } catch (error) {
          // A listener's fault must not stop a sign-out half-way; it still reaches the console.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
    isEmpty: () => listeners.size === 0,
    clear: () => listeners.clear(),
  }
}
