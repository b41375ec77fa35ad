// Leaving the page for a sign-in or a sign-out, as a state of the component that does it.
import { isTokenHandlerError } from '@token-handler/client'
import { useCallback, useRef, useState } from 'react'
import type { RegisteredClient } from './register.ts'

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
  isTokenHandlerError(error) && error.code === 'navigation_stopped'

/** Calls back once the page does not leave (any more): at once, or when the client says so. */
function whenItStays(client: RegisteredClient, callback: () => void): void {
  if (!client.isLeaving()) return callback()
  const stop = client.on('leaving', ({ isLeaving }) => {
    if (isLeaving) return
    stop()
    callback()
  })
}

/**
 * The state, and what begins to leave. It is pending while the page leaves: a sign-out is done before that, a
 * sign-in is not.
 */
export function useDeparture(
  client: RegisteredClient,
): readonly [Departure, (leave: () => Promise<unknown>) => void] {
  const [departure, setDeparture] = useState(idle)
  // Only the latest attempt has a say.
  const latest = useRef(0)
  const begin = useCallback(
    (leave: () => Promise<unknown>) => {
      latest.current += 1
      const attempt = latest.current
      const settle = (next: Departure): void => {
        if (latest.current === attempt) setDeparture(next)
      }
      settle(pending)
      leave().then(
        () => whenItStays(client, () => settle(idle)),
        (error: unknown) =>
          settle(hasStayed(error) ? returned : { status: 'failed', error: error as Error }),
      )
    },
    [client],
  )
  return [departure, begin]
}
