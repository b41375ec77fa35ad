// Records what the agent said about the session: in the store, and in the isLoggedIn flag.
import type { Platform } from '../platform/platform.ts'
import type { LoggedInFlag } from './logged-in-flag.ts'
import type { SessionEvent } from './transition.ts'
import type { SessionStore } from './store.ts'

/** Records what the agent said, or that it could not be asked. */
export type RecordEvent<C> = (event: SessionEvent<C>) => void

/** For one client. */
export function createRecordEvent<C>(
  store: SessionStore<C>,
  flag: LoggedInFlag,
  { whenActivated }: Pick<Platform, 'whenActivated'>,
): RecordEvent<C> {
  const write = () => flag.write(store.getSnapshot())
  return (event) => {
    store.dispatch(event)
    // A failure confirms nothing, and another tab's news is in the flag already: that tab wrote it.
    if (event.type === 'failed' || ('origin' in event && event.origin === 'other-tab')) return
    // A page that is only prerendered leaves no trace.
    const activation = whenActivated()
    if (activation) void activation.then(write)
    else write()
  }
}
