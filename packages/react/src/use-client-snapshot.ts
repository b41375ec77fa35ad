// Reads from the client, as `useSyncExternalStore` does, also in trees that React keeps hidden.
import { useCallback, useInsertionEffect, useReducer, useRef, useSyncExternalStore } from 'react'
import type { RegisteredClient } from './register.ts'

/**
 * While a tree is hidden (`<Activity>`) React disconnects its effects, and with them the subscription of
 * `useSyncExternalStore`. Shown again, the tree would be on the screen for a frame as it was left, with
 * all of its effects run: as the last user. Insertion effects stay connected, so one of them keeps the
 * subscription, and a change while the tree is hidden renders it there.
 *
 * @param getSnapshot - the same value until it changes
 * @param getServerSnapshot - on the server, and while hydrating
 */
export function useClientSnapshot<T>(
  client: RegisteredClient,
  getSnapshot: () => T,
  getServerSnapshot: () => T,
): T {
  const [, renderAgain] = useReducer((count: number) => count + 1, 0)
  const onChange = useRef<() => void>(renderAgain)
  useInsertionEffect(() => client.subscribe(() => onChange.current()), [client])
  const connect = useCallback((changed: () => void) => {
    onChange.current = changed
    return () => {
      onChange.current = renderAgain
    }
  }, [])
  return useSyncExternalStore(connect, getSnapshot, getServerSnapshot)
}
