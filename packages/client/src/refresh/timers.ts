// What happens without a call of the app: refreshing ahead of expiry (`keepAlive`), and the warning
// before the session ends. Timers only wake this up; what to do is decided by the clock.
import type { Platform } from '../platform/platform.ts'
import type { AccessToken } from './access-token.ts'
import type { Refresher } from './refresher.ts'
import { isSameExpiry } from '../session/transition.ts'
import type { SessionStore } from '../session/store.ts'
import type { Tabs } from '../tabs/tabs.ts'

export interface TimersParts<C> {
  readonly tabs: Tabs
  readonly store: SessionStore<C>
  readonly token: AccessToken
  readonly platform: Platform
  readonly refresher: Refresher
  readonly keepAlive: 'off' | 'visible' | 'always'
  /** Seconds. */
  readonly sessionExpiringBefore: number
}

// Browsers keep delays in 32 bits: a longer one would fire at once. Milliseconds.
const MAX_DELAY = 2 ** 31 - 1
// Tabs that share a deadline come one after the other: the first refresh serves all of them.
const JITTER_SHARE = 0.1
// After a refresh that failed.
const RETRY_DELAY = 30_000

/** Makes one alarm, which calls `ring` when it is time. Set again, it forgets the time before. */
function createAlarm(platform: Platform, ring: () => void): (at: number | undefined) => void {
  let current: AbortSignal | undefined
  return function set(at) {
    current = undefined
    if (at === undefined) return
    const signal = platform.timeout(Math.min(Math.max(at - platform.now(), 0), MAX_DELAY))
    current = signal
    signal.addEventListener('abort', () => {
      if (signal !== current) return
      if (platform.now() < at) set(at)
      else ring()
    })
  }
}

/** Sets the timers, and again whenever the session changes or the returned function is called. */
export function createTimers<C>({
  tabs,
  store,
  token,
  platform,
  refresher,
  keepAlive,
  sessionExpiringBefore,
}: TimersParts<C>): () => void {
  let warnedOf: number | undefined

  function endOfSession(): number | undefined {
    const session = store.getSnapshot()
    return session.status === 'authenticated' ? session.sessionExpiresAt : undefined
  }

  const wakeToWarn = createAlarm(platform, () => {
    const endsAt = endOfSession()
    if (endsAt === undefined || isSameExpiry(endsAt, warnedOf)) return
    warnedOf = endsAt
    store.warn(endsAt)
  })

  async function refresh(): Promise<void> {
    if (keepAlive === 'visible' && !platform.isVisible()) return
    const { kind } = await refresher.refreshSince(tabs.latest().epoch)
    if (kind === 'failed') wakeToRefresh(platform.now() + RETRY_DELAY)
  }

  const wakeToRefresh = createAlarm(platform, () => void refresh())

  function set(): void {
    const endsAt = endOfSession()
    wakeToWarn(endsAt && endsAt - sessionExpiringBefore * 1000)
    const isKeptAlive = keepAlive !== 'off' && store.getSnapshot().status === 'authenticated'
    const dueAt = isKeptAlive ? token.dueAt() : undefined
    const jitter = JITTER_SHARE * platform.random()
    wakeToRefresh(dueAt && dueAt - Math.max(dueAt - platform.now(), 0) * jitter)
  }

  store.subscribe(set)
  return set
}
