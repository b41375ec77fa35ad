// Records what the agent said about the session: in the store, and in the isLoggedIn flag.
import type { LoggedInFlag } from './logged-in-flag.ts'
import type { SessionEvent } from './transition.ts'
import type { SessionStore } from './store.ts'

/** Records what the agent said, or that it could not be asked. */
export type RecordEvent<C> = (event: SessionEvent<C>) => void

/** For one client. */
export function createRecordEvent<C>(store: SessionStore<C>, flag: LoggedInFlag): RecordEvent<C> {
  return (event) => {
    store.dispatch(event)
    // A failure confirms nothing, and another tab's news is in the flag already: that tab wrote it.
    if (event.type === 'failed' || ('origin' in event && event.origin === 'other-tab')) return
    flag.write(store.getSnapshot())
  }
}
