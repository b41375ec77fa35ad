// What this tab does about the messages of other tabs: it follows what happened to the session, and
// hands its own session to a tab that has just opened.
import type { AccessToken } from '../refresh/access-token.ts'
import type { SessionLock } from '../refresh/session-lock.ts'
import { isDefiniteEnd, isOver } from '../tabs/tab-messages.ts'
import type { TabListener, Tabs } from '../tabs/tabs.ts'
import type { RecordEvent } from './record-event.ts'
import type { SessionFinder } from './session-finder.ts'
import type { SessionManager } from './session-manager.ts'
import type { SessionStore } from './store.ts'

export interface TabListenerParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly recordEvent: RecordEvent<C>
  readonly token: AccessToken
  readonly withLock: SessionLock
  readonly finder: SessionFinder<C>
  readonly manager: SessionManager<C>
}

/** Listens for one client, from `tabs.open` on. */
export function createTabListener<C>({
  tabs,
  store,
  recordEvent,
  token,
  withLock,
  finder,
  manager,
}: TabListenerParts<C>): TabListener {
  async function remind(): Promise<void> {
    const wasLost = await withLock('session', async () => tabs.writeBack())
    // Tabs that have opened since may have ended the session, or begun another, unheard.
    if (wasLost) manager.confirmAnew()
  }

  return {
    follow(notice, knownSince) {
      const { type, accessTokenExpiresAt } = notice
      // An end of the same epoch as the beginning that was followed counts, too.
      const isNew = notice.since > knownSince || isDefiniteEnd(notice)
      if (!isNew && type !== 'refreshed') return
      token.adoptRenewal(notice)
      const { status } = store.getSnapshot()
      // A page that has not asked yet, or is asking, finds out anyway.
      if (status === 'loading') return
      if (!isNew) {
        // Not `recordEvent`: this page may not know yet what the flag says already.
        store.dispatch({ type: 'refreshed', accessTokenExpiresAt })
        return manager.recheck()
      }
      if (isDefiniteEnd(notice)) {
        if (status === 'unauthenticated') return
        // An expiry is the agent's own word.
        if (type === 'expired') return store.dispatch({ type: 'session-missing' })
        recordEvent({ type: 'signed-out', origin: 'other-tab' })
      }
      void manager.confirmSession()
    },
    remind: () => void remind(),
    doubt: manager.confirmAnew,
    handOver() {
      const session = store.getSnapshot()
      // What is being asked about is in doubt.
      if (session.status !== 'authenticated' || session.stale || manager.isAsking())
        return undefined
      const { accessTokenExpiresAt, sessionExpiresAt, isDeviceBound } = session
      const current = finder.current()
      const latest = tabs.latest()
      // No tab can vouch for a session that another one is about to end.
      return current?.since === latest.since && !isOver(latest)
        ? { claims: current.facts.claims, accessTokenExpiresAt, sessionExpiresAt, isDeviceBound }
        : undefined
    },
  }
}
