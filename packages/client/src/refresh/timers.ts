// What happens without a call of the app: refreshing ahead of expiry (`keepAlive`), the warning before the session
// ends, and its end. Timers only wake this up; what to do is decided by the clock.
import type { Platform } from '../platform/platform.ts'
import type { AccessToken } from './access-token.ts'
import { createAlarm } from './alarm.ts'
import type { Refresher } from './refresher.ts'
import type { SessionManager } from '../session/session-manager.ts'
import { isSameExpiry } from '../session/transition.ts'
import type { SessionStore } from '../session/store.ts'
import type { Tabs } from '../tabs/tabs.ts'

export interface TimersParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly platform: Platform
  readonly manager: SessionManager<C>
  readonly refresher: Refresher
  readonly keepAlive: 'off' | 'visible' | 'always'
  /** Seconds. */
  readonly sessionExpiringBefore: number
}

// Tabs that share a deadline come one after the other: the first refresh serves all of them.
const JITTER_SHARE = 0.1
// After a refresh that failed.
const RETRY_DELAY = 30_000
// Agents count in whole seconds: one that is asked at the end may see a second left. Milliseconds.
const LAST_SECOND = 2_000

/** Sets the timers, and again whenever the session changes or the returned function is called. */
export function createTimers<C>({
  tabs,
  store,
  token,
  platform,
  manager,
  refresher,
  keepAlive,
  sessionExpiringBefore,
}: TimersParts<C>): () => void {
  let warnedOf: number | undefined
  /** The end that is known, and which token was there when it was told. */
  let known: { readonly endsAt: number | undefined; readonly renewedAt: number } | undefined
  let asked: { readonly about: number; times: number } | undefined

  const isSignedIn = () => store.getSnapshot().status === 'authenticated'

  function endOfSession(): number | undefined {
    const session = store.getSnapshot()
    return session.status === 'authenticated' ? session.sessionExpiresAt : undefined
  }

  const warnAt = () => (endOfSession() ?? Number.NaN) - sessionExpiringBefore * 1000

  const wakeToWarn = createAlarm(platform, async (isClockSet) => {
    // The instant that the agent has named means something else by this clock; and a refresh may have put it off.
    const isOld = tabs.latest().renewedAt !== known?.renewedAt
    if (isClockSet || isOld) {
      // Once for a refresh, whatever comes of it.
      known = { endsAt: endOfSession(), renewedAt: tabs.latest().renewedAt }
      await manager.confirmSession()
    }
    const endsAt = endOfSession()
    const now = platform.now()
    if (endsAt === undefined || endsAt < now || isSameExpiry(endsAt, warnedOf)) return
    if (warnAt() > now) return wakeToWarn(warnAt())
    warnedOf = endsAt
    store.warn(endsAt)
  })

  const wakeToEnd = createAlarm(platform, async () => {
    const endsAt = endOfSession()
    // A hidden page asks when it is shown.
    if (endsAt === undefined || !platform.isVisible()) return
    if (!asked || !isSameExpiry(asked.about, endsAt)) asked = { about: endsAt, times: 0 }
    if (asked.times > 1) return
    asked.times += 1
    await manager.confirmSession()
    if (isSameExpiry(endOfSession(), endsAt)) wakeToEnd(platform.now() + LAST_SECOND)
  })

  const wakeToRefresh = createAlarm(platform, async () => {
    if (keepAlive === 'visible' && !platform.isVisible()) return
    const { kind } = await refresher.refreshSince(tabs.latest().epoch)
    if (kind === 'failed' && isSignedIn()) wakeToRefresh(platform.now() + RETRY_DELAY)
  })

  function set(): void {
    const endsAt = endOfSession()
    if (!known || !isSameExpiry(known.endsAt, endsAt)) {
      known = { endsAt, renewedAt: tabs.latest().renewedAt }
    }
    wakeToWarn(endsAt && warnAt())
    wakeToEnd(endsAt)
    const dueAt = keepAlive !== 'off' && isSignedIn() ? token.dueAt() : undefined
    const jitter = JITTER_SHARE * platform.random()
    wakeToRefresh(dueAt && dueAt - Math.max(dueAt - platform.now(), 0) * jitter)
  }

  store.subscribe(set)
  return set
}
