// Leaving the page for a sign-in or a sign-out, as a state of the component that does it.
import { isTokenHandlerError } from '@token-handler/client'
import { useCallback, useEffect, useRef, useState } from 'react'

/**
 * How leaving goes: not begun, in progress, failed, or `returned`: the user stopped it, or the page came back out
 * of the back/forward cache.
 */
export type Departure =
  | { readonly status: 'idle' | 'pending' | 'returned'; readonly error?: undefined }
  | { readonly status: 'failed'; readonly error: Error }

const idle: Departure = { status: 'idle' }
const pending: Departure = { status: 'pending' }
const returned: Departure = { status: 'returned' }

/** The user stopped the navigation, or came back: they know, and it is no failure. */
const hasStayed = (error: unknown): boolean =>
  isTokenHandlerError(error) && (error.code as string) === 'navigation_stopped'

/**
 * The state, and what begins to leave. While the page goes the promise of `leave` stays pending, and so does
 * the state.
 */
export function useDeparture(): readonly [Departure, (leave: () => Promise<unknown>) => void] {
  const [departure, setDeparture] = useState(idle)
  // Only the latest attempt has a say; one that was left behind by "back" has none.
  const latest = useRef(0)
  const begin = useCallback((leave: () => Promise<unknown>) => {
    latest.current += 1
    const attempt = latest.current
    const settle = (next: Departure): void => {
      if (latest.current === attempt) setDeparture(next)
    }
    settle(pending)
    leave().then(
      () => settle(idle),
      (error: unknown) =>
        settle(hasStayed(error) ? returned : { status: 'failed', error: error as Error }),
    )
  }, [])
  useEffect(() => {
    const stay = ({ persisted }: PageTransitionEvent): void => {
      if (!persisted) return
      latest.current += 1
      setDeparture((now) => (now.status === 'pending' ? returned : now))
    }
    window.addEventListener('pageshow', stay)
    return () => window.removeEventListener('pageshow', stay)
  }, [])
  return [departure, begin]
}
