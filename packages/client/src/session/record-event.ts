// Writes down what was learnt about the session: in the store, and in the isLoggedIn flag.
import type { LoggedInFlag } from './logged-in-flag.ts'
import type { SessionEvent } from './transition.ts'
import type { SessionStore } from './store.ts'

/** Takes in what the agent said, or what became of asking it. */
export type Learn<C> = (event: SessionEvent<C>) => void

/** For one client. */
export function createLearn<C>(store: SessionStore<C>, flag: LoggedInFlag): Learn<C> {
  return (event) => {
    store.dispatch(event)
    // A failure confirms nothing, and the news of another tab is old: that tab has written it down.
    if (event.type === 'failed' || ('origin' in event && event.origin === 'other-tab')) return
    flag.follow(store.getSnapshot())
  }
}
