// Leaving the page, which takes a while: until then nothing else may start a navigation. It may not come to it: the
// user stops it or stays on a `beforeunload` prompt, the answer is a download or has no content, or the page comes
// back from the back/forward cache.
import { isDevelopment } from '../development.ts'
import { TokenHandlerError } from '../errors.ts'
import type { Platform } from '../platform/platform.ts'

/** The way out of this page. */
export interface Navigation {
  /**
   * Leaves for a URL. The promise stays pending while the page goes, and rejects when it stays, or leaves for another.
   */
  readonly leaveFor: (url: string, isReplacing?: boolean) => Promise<never>
  /** The departure in progress, if there is one. */
  readonly departure: () => Promise<never> | undefined
  /** The page stays, or is back: there is no departure any more. */
  readonly stop: () => void
  /** Counts work that prepares a departure as leaving, until it settles. */
  readonly prepare: <T>(work: Promise<T>) => Promise<T>
  readonly isLeaving: () => boolean
}

// So long a page may wait for the answer to a navigation, which no browser tells it about. Milliseconds.
const LEAVE_TIMEOUT = 10_000

/**
 * For one page.
 *
 * @param tell - called when the page begins to leave, or turns out to stay
 */
export function createNavigation(
  platform: Pick<Platform, 'navigate' | 'setTimer'>,
  tell: (isLeaving: boolean) => void,
): Navigation {
  let departure: Promise<never> | undefined
  let stop = () => {}
  let preparations = 0

  function change(by: 1 | -1): void {
    const wasLeaving = preparations > 0
    preparations += by
    if (wasLeaving !== preparations > 0) tell(!wasLeaving)
  }

  function prepare<T>(work: Promise<T>): Promise<T> {
    const finish = () => change(-1)
    change(1)
    work.then(finish, finish)
    return work
  }

  return {
    leaveFor(url, isReplacing = false) {
      // A browser has one navigation at a time.
      stop()
      const current = new Promise<never>((_, reject) => {
        const cancel = platform.setTimer(LEAVE_TIMEOUT, () => stop())
        stop = () => {
          cancel()
          departure = undefined
          const message = isDevelopment
            ? 'The page has not left for the sign-in. Call login() again.'
            : ''
          reject(new TokenHandlerError('navigation_stopped', message, { retryable: true }))
        }
      })
      departure = current
      void prepare(current)
      const stopThis = () => departure === current && stop()
      platform.navigate(url, { isReplacing, onStopped: stopThis })
      return current
    },
    departure: () => departure,
    stop: () => stop(),
    prepare,
    isLeaving: () => preparations > 0,
  }
}
