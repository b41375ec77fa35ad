// The entry `./session-watch`: asks for the session from time to time, and signs out a user who has gone away.
import { onUserActivity } from './platform/activity.ts'
import { createBrowserPlatform } from './platform/browser.ts'
import { beginLifetime } from './platform/lifetime.ts'
import type { Platform } from './platform/platform.ts'
import { wait } from './platform/wait.ts'
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

/**
 * Asks the agent for the session from time to time, while a user is signed in and the page is visible: a session that
 * was revoked ends on the page soon, and not with the next request. It does not refresh, so it keeps no session alive.
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
  let isStopped = false

  async function run(): Promise<void> {
    for (;;) {
      await wait(platform, every * 1000)
      if (isStopped) return
      const isSignedIn = tokenHandler.getSnapshot().status === 'authenticated'
      // The session says what came of it.
      if (isSignedIn && platform.isVisible()) await tokenHandler.session().catch(() => undefined)
    }
  }

  void run()
  return () => {
    isStopped = true
    end()
  }
}

/** Options of {@link signOutWhenIdle}. */
export interface IdleOptions {
  /** Seconds without a click, key or touch in any tab of this origin. */
  readonly after: number
  /**
   * How many seconds before that the countdown begins.
   * @default 60
   */
  readonly countdownFrom?: number | undefined
  /** Called each second of the countdown with the seconds that are left, and with `undefined` when the user is back. */
  readonly onCountdown?: ((secondsLeft: number | undefined) => void) | undefined
  /**
   * What to do then.
   * @default () => tokenHandler.logout()
   */
  readonly onIdle?: (() => unknown) | undefined
  /** See {@link PollSessionOptions}. */
  readonly platform?:
    | (Partial<Platform> & { readonly onUserActivity?: typeof onUserActivity })
    | undefined
}

const ACTIVITY_KEY = 'token-handler:activity'
// Not at every key. Milliseconds.
const WRITE_INTERVAL = 1000

/**
 * Signs a user out who has done nothing for a while, in any tab, with a countdown before. It is a courtesy for
 * shared screens: how long a session lives without use is for the agent and the authorization server to enforce.
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
  const { localStorage, now } = platform
  let activeAt = now()
  let isRunning = false
  let isCounting = false
  let isStopped = false

  const isSignedIn = () => tokenHandler.getSnapshot().status === 'authenticated'
  const countDown = (secondsLeft: number | undefined) => {
    if (secondsLeft === undefined && !isCounting) return
    isCounting = secondsLeft !== undefined
    onCountdown?.(secondsLeft)
  }

  /** Milliseconds. A tab whose storage is blocked knows of itself only. */
  function timeLeft(): number {
    const elsewhere = Number(localStorage.get(ACTIVITY_KEY) ?? 0)
    const last = elsewhere <= now() ? Math.max(activeAt, elsewhere) : activeAt
    return last + after * 1000 - now()
  }

  function noteActivity(): void {
    // The machine may have slept: that was not activity.
    if (timeLeft() <= 0 && isRunning) return
    if (now() - activeAt >= WRITE_INTERVAL) localStorage.set(ACTIVITY_KEY, String(now()))
    activeAt = now()
    countDown(undefined)
  }

  async function run(): Promise<void> {
    for (;;) {
      if (isStopped || !isSignedIn()) break
      const left = timeLeft()
      if (left <= 0) {
        countDown(undefined)
        return void (await onIdle())
      }
      const untilCountdown = left - countdownFrom * 1000
      countDown(untilCountdown <= 0 ? Math.ceil(left / 1000) : undefined)
      await wait(platform, untilCountdown > 0 ? untilCountdown : left % 1000 || 1000)
    }
    countDown(undefined)
  }

  function follow(): void {
    if (isRunning || isStopped || !isSignedIn()) return
    isRunning = true
    activeAt = now()
    void run()
      // A failed sign-out is told by the client's own event.
      .catch(() => undefined)
      .finally(() => {
        isRunning = false
      })
  }

  const unsubscribe = tokenHandler.subscribe(follow)
  const stopListening = world.onUserActivity(noteActivity)
  follow()
  return () => {
    isStopped = true
    end()
    countDown(undefined)
    unsubscribe()
    stopListening()
  }
}
