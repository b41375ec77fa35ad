// Holds the session and calls listeners: on every change, and for every event.
import type { Claims } from '@token-handler/contract'
import type { TokenHandlerError } from '../errors.ts'
import { createListeners } from '../listeners.ts'
import type { Listeners } from '../listeners.ts'
import type { TokenHandlerEvents } from '../token-handler-client.ts'
import type { Tracer } from '../trace.ts'
import { createIdentify, describeUser } from './identity.ts'
import type { Identify } from './identity.ts'
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
  readonly currentUser: () => { readonly identity: string } | undefined
  /** As far as this browser knows, another user has signed in since this page met the one on show. */
  readonly isReplaced: () => boolean
  /** Emits `error` for a failure that says nothing about the session; once for each. */
  readonly report: (error: TokenHandlerError) => void
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

/** A signed-in user. */
interface User<C> {
  readonly identity: string
  /** See `describeUser`. */
  readonly description: string
  readonly claims: C
}

/** A store that begins in `loading`. */
export function createSessionStore<C>(
  tracer: Tracer,
  lastUser: LastUser,
  identify: Identify = createIdentify(),
): SessionStore<C> {
  let state: Session<C> = loadingSession
  /** The last signed-in user. Kept after a sign-out, so that another user is recognised as one. */
  let user: User<C> | undefined
  let lastError: TokenHandlerError | undefined
  /** The end of the session of which nobody has heard a warning: it was known before anybody listened. */
  let unheardEnd: number | undefined
  const changes = createListeners<undefined>()
  const events: EventListeners<C> = {
    sessionStarted: createListeners(),
    userChanged: createListeners(),
    claimsChanged: createListeners(),
    refreshed: createListeners(),
    sessionExpiring: createListeners(),
    sessionExpired: createListeners(),
    signedOut: createListeners(),
    leaving: createListeners(),
    error: createListeners(),
    trace: tracer.listeners,
  }

  const currentUser = () => (state.status === 'authenticated' ? user : undefined)

  /**
   * Runs before the new session becomes visible, so that caches of the last user's data can be cleared first.
   *
   * @returns whether it is the same user with other claims
   */
  function noteUser(raw: Claims, claims: C): boolean {
    const previous = user
    const current = { identity: identify(raw), description: describeUser(raw), claims }
    const { identity } = current
    const isOther = previous ? previous.identity !== identity : lastUser.isOther(identity)
    const isChanged =
      !isOther && previous !== undefined && previous.description !== current.description
    user = current
    if (isOther) events.userChanged.call({ previous: previous?.claims, current: claims })
    if (isChanged) events.claimsChanged.call({ previous: previous.claims, current: claims })
    lastUser.remember(identity)
    return isChanged
  }

  function report(error: TokenHandlerError): void {
    lastError = error
    events.error.call({ error })
  }

  function warn(sessionExpiresAt: number): void {
    const { sessionExpiring } = events
    unheardEnd = sessionExpiring.isEmpty() ? sessionExpiresAt : undefined
    sessionExpiring.call({ sessionExpiresAt })
  }

  function warnLate(): void {
    const isCurrent = state.status === 'authenticated' && state.sessionExpiresAt === unheardEnd
    if (unheardEnd && isCurrent) warn(unheardEnd)
  }

  function announce(
    previous: Session<C>,
    event: SessionEvent<C>,
    next: Session<C>,
    isReplaced: boolean,
  ): void {
    if ('error' in event) report(event.error)
    if (event.type === 'refreshed' && next.status !== 'unauthenticated') {
      events.refreshed.call({ accessTokenExpiresAt: event.accessTokenExpiresAt })
    }
    if (next === previous) return
    changes.call(undefined)
    if (next.status === 'authenticated' && (previous.status !== 'authenticated' || isReplaced)) {
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
    on(event, listener) {
      const remove = events[event].add(listener)
      if (event === 'sessionExpiring' && unheardEnd) queueMicrotask(warnLate)
      return remove
    },
    dispatch(event) {
      const isFound = event.type === 'session-found'
      const isChanged = isFound && noteUser(event.facts.claims, event.claims)
      const previous = state
      const next = transition(previous, event)
      // Everybody gets the same object, and nobody may change it for the others.
      state = Object.freeze(next)
      const { status } = next
      tracer.takeStep?.({ kind: 'session', event: event.type, status })
      announce(previous, event, next, isChanged && event.isNew === true)
    },
    currentUser,
    isReplaced() {
      const shown = currentUser()
      return shown !== undefined && lastUser.isReplaced(shown.identity)
    },
    report(error) {
      if (error !== lastError) report(error)
    },
    warn,
    tellLeaving: (isLeaving) => events.leaving.call({ isLeaving }),
    silence() {
      for (const listeners of [changes, ...Object.values(events)]) listeners.clear()
    },
  }
}
