// What a page does when it is shown, hidden, left or restored, and when the network comes back.
import type { Platform } from '../platform/platform.ts'
import type { Tracer } from '../trace.ts'
import type { PageLoader } from './run-page-load.ts'
import type { Navigation } from '../login/navigation.ts'
import type { Refresher } from '../refresh/refresher.ts'
import type { SessionManager } from '../session/session-manager.ts'
import type { SessionStore } from '../session/store.ts'
import type { TabListener, Tabs } from '../tabs/tabs.ts'

export interface PageLifecycleParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly platform: Platform
  readonly manager: SessionManager<C>
  readonly tracer: Tracer
  readonly navigation: Navigation
  readonly refresher: Refresher
  readonly tabListener: TabListener
  readonly loader: PageLoader<C>
  readonly setTimers: () => void
}

/** Follows the page's life from now on. */
export function followPageLifecycle<C>({
  tabs,
  store,
  platform,
  manager,
  tracer,
  navigation,
  refresher,
  tabListener,
  loader,
  setTimers,
}: PageLifecycleParts<C>): void {
  /** The last question has had no answer, or the session must have ended since. */
  function isInDoubt(): boolean {
    const session = store.getSnapshot()
    if (session.status !== 'authenticated') return session.status === 'error'
    const { stale, sessionExpiresAt = Infinity } = session
    return stale || sessionExpiresAt <= platform.now()
  }

  /** At once, and not when the agent has answered: what is on the screen is the last user's. */
  function leaveReplaced(): boolean {
    const isReplaced = store.isReplaced()
    if (isReplaced) store.dispatch({ type: 'user-replaced' })
    return isReplaced
  }

  function wakeUp(): void {
    const isReplaced = leaveReplaced()
    tabs.catchUp()
    refresher.resume()
    setTimers()
    if (store.getSnapshot().status === 'loading' && !isReplaced) return
    if (isReplaced || isInDoubt()) void manager.confirmSession()
    else void manager.revalidate()
  }

  tabs.open(tabListener)
  platform.onPageEvent((event) => {
    tracer.takeStep?.({ kind: 'page', event })
    if (event === 'left') tabs.close()
    if (event === 'restored') {
      navigation.stop()
      leaveReplaced()
      tabs.open(tabListener)
      tabs.catchUp()
      loader.restore()
      setTimers()
    }
    if (event === 'visible' || event === 'online') wakeUp()
  })
}
