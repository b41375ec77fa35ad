// Holds the session and tells listeners: about every change, and about what happened.
import type { TokenHandlerEvents } from '../token-handler-client.ts'
import type { Session } from './session.ts'
import { loadingSession, transition } from './state.ts'
import type { SessionEvent } from './state.ts'

/** The session of one client. */
export interface SessionStore<C> {
  readonly getSnapshot: () => Session<C>
  readonly subscribe: (listener: () => void) => () => void
  readonly on: <E extends keyof TokenHandlerEvents<C>>(
    event: E,
    listener: (detail: TokenHandlerEvents<C>[E]) => void,
  ) => () => void
  readonly dispatch: (event: SessionEvent<C>) => void
}

interface Listeners<T> {
  readonly add: (listener: (detail: T) => void) => () => void
  readonly call: (detail: T) => void
}

function createListeners<T>(): Listeners<T> {
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
  }
}

type EventListeners<C> = {
  readonly [E in keyof TokenHandlerEvents<C>]: Listeners<TokenHandlerEvents<C>[E]>
}

/** A store that begins in `loading`. */
export function createSessionStore<C>(): SessionStore<C> {
  let state: Session<C> = loadingSession
  const changes = createListeners<undefined>()
  const events: EventListeners<C> = {
    sessionStarted: createListeners(),
    refreshed: createListeners(),
    sessionExpired: createListeners(),
    signedOut: createListeners(),
    error: createListeners(),
  }

  function announce(previous: Session<C>, event: SessionEvent<C>, next: Session<C>): void {
    if (event.type === 'failed') events.error.call({ error: event.error })
    if (event.type === 'refreshed' && next.status !== 'unauthenticated') {
      const { accessTokenExpiresAt } = event
      events.refreshed.call(accessTokenExpiresAt === undefined ? {} : { accessTokenExpiresAt })
    }
    if (next === previous) return
    changes.call(undefined)
    if (next.status === 'authenticated' && previous.status !== 'authenticated') {
      events.sessionStarted.call({ claims: next.claims })
    }
    if (next.status === 'unauthenticated') {
      if (next.reason === 'expired') events.sessionExpired.call(undefined)
      if (next.reason === 'signed-out') events.signedOut.call(undefined)
    }
  }

  return {
    getSnapshot: () => state,
    subscribe: (listener) => changes.add(() => listener()),
    on: (event, listener) => events[event].add(listener),
    dispatch(event) {
      const previous = state
      const next = transition(previous, event)
      state = next
      announce(previous, event, next)
    },
  }
}
