// The entry `./session-watch`: asks for the session from time to time, and signs out a user who has gone away.
import { isTokenHandlerError } from './errors.ts'
import { createListeners } from './listeners.ts'
import { onUserActivity } from './platform/activity.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import { beginLifetime } from './platform/lifetime.ts'
import type { Platform } from './platform/platform.ts'
import { createAlarm } from './refresh/alarm.ts'
import { createLastActivity } from './tabs/last-activity.ts'
import type { TokenHandlerClient } from './token-handler-client.ts'

/** Options of {@link pollSession}. */
export interface PollSessionOptions {
  /**
   * Seconds between two questions.
   * @default 60
   */
  readonly every?: number | undefined
  /**
   * Parts of the outside world to replace, in tests.
   * @default the browser's
   */
  readonly platform?: Partial<Platform> | undefined
}

const isOfDisposed = (error: unknown) =>
  isTokenHandlerError(error) && error.code === 'client_disposed'

/**
 * Asks the agent for the session from time to time, while a user is signed in and the page is visible: a session that
 * was revoked ends on the page soon, and not with the next request. It does not refresh, so it keeps no session alive.
 * A question to a client that was disposed is the last one.
 *
 * @returns the function that ends it
 *
 * @example
 * import { createTokenHandlerClient } from '@token-handler/client'
 * import { pollSession } from '@token-handler/client/session-watch'
 *
 * const tokenHandler = createTokenHandlerClient()
 * const stop = pollSession(tokenHandler, { every: 30 })
 * window.addEventListener('pagehide', stop)
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009 RFC 7009} for revocation
 */
export function pollSession<C>(
  tokenHandler: Pick<TokenHandlerClient<C>, 'getSnapshot' | 'session'>,
  { every = 60, platform: own }: PollSessionOptions = {},
): () => void {
  const { platform, end } = beginLifetime({ ...createBrowserPlatform(), ...own })
  const setAlarm = createAlarm(platform, async () => {
    const isSignedIn = tokenHandler.getSnapshot().status === 'authenticated'
    if (isSignedIn && platform.isVisible()) {
      await tokenHandler.session().catch((error: unknown) => {
        // Anything else the session says.
        if (isOfDisposed(error)) end()
      })
    }
    askLater()
  })
  const askLater = () => setAlarm(platform.now() + every * 1000)

  askLater()
  return end
}

/** Options of {@link signOutWhenIdle}. */
export interface IdleOptions {
  /**
   * Seconds without a click, key or touch in any tab of this origin. Opening a page and signing in count as well.
   */
  readonly after: number
  /**
   * How many seconds before that the countdown begins.
   * @default 60
   */
  readonly countdownFrom?: number | undefined
  /** Called each second of the countdown with the seconds that are left, and with `undefined` when the user is back. */
  readonly onCountdown?: ((secondsLeft: number | undefined) => void) | undefined
  /**
   * What to do then. Called again every 30 seconds while it rejects and the user stays idle and signed in. If it
   * resolves and the user is signed in still, the next activity starts another `after` seconds.
   * @default () => tokenHandler.logout()
   */
  readonly onIdle?: (() => unknown) | undefined
  /** See {@link PollSessionOptions}. */
  readonly platform?:
    | (Partial<Platform> & { readonly onUserActivity?: typeof onUserActivity })
    | undefined
}

// After a sign-out that failed. Milliseconds.
const RETRY_DELAY = 30_000

/**
 * Signs a user out who has done nothing for a while, in any tab, with a countdown before. Time in which the machine sleeps
 * counts: the first click after it, or the page that is shown, signs out. It is a courtesy for shared
 * screens: how long a session lives without use is for the agent and the authorization server to enforce.
 *
 * @returns the function that ends it
 *
 * @example
 * import { createTokenHandlerClient } from '@token-handler/client'
 * import { signOutWhenIdle } from '@token-handler/client/session-watch'
 *
 * const tokenHandler = createTokenHandlerClient()
 * signOutWhenIdle(tokenHandler, {
 *   after: 900,
 *   onCountdown: (secondsLeft) => {
 *     document.title = secondsLeft === undefined ? 'Orders' : `Signed out in ${secondsLeft} s`
 *   },
 * })
 *
 * @see {@link https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#automatic-session-expiration OWASP, automatic session expiration}
 */
export function signOutWhenIdle<C>(
  tokenHandler: Pick<TokenHandlerClient<C>, 'getSnapshot' | 'logout' | 'subscribe'>,
  options: IdleOptions,
): () => void {
  const { after, countdownFrom = 60, onCountdown, onIdle = () => tokenHandler.logout() } = options
  const world = { ...createBrowserPlatform(), onUserActivity, ...options.platform }
  const { platform, end } = beginLifetime(world)
  let isWatching = false
  /** What has become of `onIdle`, once the user is idle. */
  let outcome: 'pending' | 'failed' | 'stayed' | undefined
  /** There was activity since `onIdle` was called. */
  let isBack = false
  let shown: number | undefined
  // The app's fault keeps nobody signed in.
  const countdown = createListeners<number | undefined>()
  if (onCountdown) countdown.add(onCountdown)

  const activity = createLastActivity(platform, look)
  const setAlarm = createAlarm(platform, look)

  function countDown(secondsLeft: number | undefined): void {
    if (secondsLeft === shown) return
    shown = secondsLeft
    countdown.call(secondsLeft)
  }

  /** Milliseconds. */
  const timeLeft = () => after * 1000 - activity.age()

  function look(): void {
    if (!isWatching) return
    const left = timeLeft()
    if (left <= 0) {
      if (outcome !== 'pending' && outcome !== 'stayed') void act()
      return
    }
    outcome = undefined
    const untilCountdown = left - countdownFrom * 1000
    const isCounting = untilCountdown <= 0
    setAlarm(platform.now() + (isCounting ? left % 1000 || 1000 : untilCountdown))
    countDown(isCounting ? Math.ceil(left / 1000) : undefined)
  }

  function begin(): void {
    activity.note()
    look()
  }

  /** The user is idle. */
  async function act(): Promise<void> {
    outcome = 'pending'
    isBack = false
    setAlarm(undefined)
    countDown(undefined)
    let hasFailed = false
    try {
      await onIdle()
    } catch (error) {
      // A failed sign-out is told by the client's own event.
      hasFailed = true
      if (isOfDisposed(error)) stop()
    }
    // Signed out, or active in another tab.
    if (outcome !== 'pending') return
    outcome = hasFailed ? 'failed' : 'stayed'
    if (hasFailed) setAlarm(platform.now() + RETRY_DELAY)
    else if (isBack) begin()
  }

  function noteActivity(): void {
    isBack = true
    // Whoever comes back too late has to be signed out first, also when that takes several attempts.
    const isLate = outcome === 'pending' || outcome === 'failed'
    if (!isWatching || isLate) return
    if (outcome === undefined && timeLeft() <= 0) void act()
    else begin()
  }

  function follow(): void {
    const isSignedIn = tokenHandler.getSnapshot().status === 'authenticated'
    // A page that is only prerendered has no user.
    const isToBeWatched = isSignedIn && !platform.isDisposed() && !platform.whenActivated()
    if (isToBeWatched === isWatching) return
    isWatching = isToBeWatched
    outcome = undefined
    if (isWatching) return begin()
    setAlarm(undefined)
    countDown(undefined)
  }

  function stop(): void {
    end()
    unsubscribe()
    stopListening()
    follow()
  }

  const unsubscribe = tokenHandler.subscribe(follow)
  const stopListening = world.onUserActivity(noteActivity)
  platform.onPageEvent((event) => {
    if (event !== 'hidden' && event !== 'left') look()
  })
  void platform.whenActivated()?.then(follow)
  follow()
  return stop
}
