// Confirms the session: single-flight, and not more often than needed.
import type { AgentClient } from '../agent/agent-client.ts'
import type { Platform } from '../platform/platform.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { SessionFinder } from './session-finder.ts'
import type { Session } from './session.ts'
import type { SessionStore } from './store.ts'
import type { SessionEvent } from './transition.ts'

/** Confirms the session. */
export interface SessionManager<C> {
  /** Asks the agent who is signed in. Calls while a request is in flight share it. Never rejects. */
  readonly confirmSession: () => Promise<SessionEvent<C>>
  /** Whether the agent is being asked, so that what is shown may be over. */
  readonly isAsking: () => boolean
  /** Asks once more, after whatever is being asked: that may have been answered before what has just been heard of. */
  readonly confirmAnew: () => void
  /** As `confirmSession`, unless the session on show is known to be the current one. */
  readonly recheck: () => void
  /** As `confirmSession`, but another tab that knows saves the call to the agent. */
  readonly discover: () => Promise<unknown>
  /**
   * As `confirmSession`, but skipped if the session was checked in the last 30 seconds. Only one tab sends the
   * request; the others learn of changes from its message.
   */
  readonly revalidate: () => Promise<unknown>
  /** As `confirmSession`, with the session it found, or the error. */
  readonly session: () => Promise<Session<C>>
}

export interface SessionManagerParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly agent: AgentClient
  readonly platform: Platform
  readonly finder: SessionFinder<C>
  readonly prefix: string
}

// A session checked so recently is not checked again. Milliseconds.
const RECENT = 30_000
const AT_ONCE = 1_000

/** Confirms the session of one client. */
export function createSessionManager<C>({
  tabs,
  store,
  agent,
  platform,
  finder,
  prefix,
}: SessionManagerParts<C>): SessionManager<C> {
  let inFlight: Promise<SessionEvent<C>> | undefined
  let foundAt = 0
  /** When another tab was found asking, without a break since. */
  let skippedAt: number | undefined

  function singleFlight(work: () => Promise<SessionEvent<C>>): Promise<SessionEvent<C>> {
    inFlight ??= work().finally(() => {
      inFlight = undefined
      foundAt = platform.now()
    })
    return inFlight
  }

  const confirmSession = () => singleFlight(finder.ask)

  /** A new access token does not say which user it belongs to, if no tab has published claims since a sign-in. */
  function recheck(): void {
    const session = finder.current()
    if (session && session.since < tabs.latest().since) void confirmSession()
  }

  /** What is being asked was asked before. A page that has not begun to ask will find out anyway. */
  function confirmAnew(): void {
    if (inFlight) void inFlight.then(confirmSession, confirmSession)
    else if (store.getSnapshot().status !== 'loading') void confirmSession()
  }

  return {
    confirmSession,
    isAsking: () => inFlight !== undefined,
    confirmAnew,
    recheck,
    discover: () => singleFlight(finder.askTabs),
    async revalidate() {
      if (Math.abs(platform.now() - foundAt) < RECENT) return undefined
      const before = tabs.latest()
      const name = `${prefix}:revalidation`
      const asked = platform.requestLock(name, { ifAvailable: true }, async (lock) => {
        skippedAt = lock === null ? (skippedAt ?? platform.now()) : undefined
        // A tab that is frozen while it asks keeps the lock.
        const isSkipped = skippedAt !== undefined && Math.abs(platform.now() - skippedAt) < RECENT
        return isSkipped ? undefined : agent.call('session')
      })
      if (!asked) {
        // Without locks: clients that are shown at once, maybe on one page, ask once.
        const isAsking =
          Math.abs(platform.now() - Number(platform.localStorage.get(name))) < AT_ONCE
        if (isAsking) return undefined
        platform.localStorage.set(name, String(platform.now()))
        return confirmSession()
      }
      // Without the lock, taken away in the back/forward cache: a page that comes back asks anyway.
      const outcome = await asked.catch(() => undefined)
      return outcome && singleFlight(() => finder.applyAnswer(outcome, before))
    },
    async session() {
      const event = await confirmSession()
      if (event.type === 'failed') throw event.error
      return store.getSnapshot()
    },
  }
}
