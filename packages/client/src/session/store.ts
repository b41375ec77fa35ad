// Holds the session and calls listeners: on every change, and for every event.
import { createListeners } from '../listeners.ts'
import type { Listeners } from '../listeners.ts'
import type { TokenHandlerEvents } from '../token-handler-client.ts'
import type { Tracer } from '../trace.ts'
import type { LastUser } from './last-user.ts'
import type { Session } from './session.ts'
import { loadingSession, transition } from './transition.ts'
import type { SessionEvent } from './transition.ts'

/** The session of one client. */
export interface SessionStore<C> {
  readonly getSnapshot: () => Session<C>
  readonly subscribe: (listener: () => void) => () => void
  readonly on: <E extends keyof TokenHandlerEvents<C>>(
    event: E,
    listener: (detail: TokenHandlerEvents<C>[E]) => void,
  ) => () => void
  readonly dispatch: (event: SessionEvent<C>) => void
  /** The user on show; their claims are in the session. */
  readonly currentUser: () => { readonly sub: unknown } | undefined
  /** As far as this browser knows, another user has signed in since this page met the one on show. */
  readonly isReplaced: () => boolean
  /** Emits `sessionExpiring`. */
  readonly warn: (sessionExpiresAt: number) => void
  /** Emits `leaving`. */
  readonly tellLeaving: (isLeaving: boolean) => void
  /** Calls no listener any more. */
  readonly silence: () => void
}

type EventListeners<C> = {
  readonly [E in keyof TokenHandlerEvents<C>]: Listeners<TokenHandlerEvents<C>[E]>
}

/** A store that begins in `loading`. */
export function createSessionStore<C>(tracer: Tracer, lastUser: LastUser): SessionStore<C> {
  let state: Session<C> = loadingSession
  /** The last signed-in user. Kept after a sign-out, so that another user is recognised as one. */
  let user: { readonly sub: unknown; readonly claims: C } | undefined
  const changes = createListeners<undefined>()
  const events: EventListeners<C> = {
    sessionStarted: createListeners(),
    userChanged: createListeners(),
    refreshed: createListeners(),
    sessionExpiring: createListeners(),
    sessionExpired: createListeners(),
    signedOut: createListeners(),
    leaving: createListeners(),
    error: createListeners(),
    trace: tracer.listeners,
  }

  const currentUser = () => (state.status === 'authenticated' ? user : undefined)

  /** Runs before the new session becomes visible, so that caches of the last user's data can be cleared first. */
  function noteUser(sub: unknown, claims: C): void {
    const previous = user
    const isOther = previous ? previous.sub !== sub : lastUser.isOther(sub)
    user = { sub, claims }
    if (isOther) events.userChanged.call({ previous: previous?.claims, current: claims })
    lastUser.remember(sub)
  }

  function announce(previous: Session<C>, event: SessionEvent<C>, next: Session<C>): void {
    if ('error' in event) events.error.call({ error: event.error })
    if (event.type === 'refreshed' && next.status !== 'unauthenticated') {
      events.refreshed.call({ accessTokenExpiresAt: event.accessTokenExpiresAt })
    }
    if (next === previous) return
    changes.call(undefined)
    if (next.status === 'authenticated' && previous.status !== 'authenticated') {
      events.sessionStarted.call({ claims: next.claims })
    }
    if (next.status === 'unauthenticated') {
      if (next.reason === 'expired') events.sessionExpired.call(undefined)
      if (next.reason === 'signed-out')
        events.signedOut.call({ origin: event.type === 'signed-out' ? event.origin : 'other-tab' })
    }
  }

  return {
    getSnapshot: () => state,
    subscribe: (listener) => changes.add(() => listener()),
    on: (event, listener) => events[event].add(listener),
    dispatch(event) {
      if (event.type === 'session-found') noteUser(event.facts.claims['sub'], event.claims)
      const previous = state
      const next = transition(previous, event)
      // Everybody gets the same object, and nobody may change it for the others.
      state = Object.freeze(next)
      const { status } = next
      tracer.step?.({ kind: 'session', event: event.type, status })
      announce(previous, event, next)
    },
    currentUser,
    isReplaced() {
      const shown = currentUser()
      return shown !== undefined && lastUser.isReplaced(shown.sub)
    },
    warn: (sessionExpiresAt) => events.sessionExpiring.call({ sessionExpiresAt }),
    tellLeaving: (isLeaving) => events.leaving.call({ isLeaving }),
    silence() {
      for (const listeners of [changes, ...Object.values(events)]) listeners.clear()
    },
  }
}
