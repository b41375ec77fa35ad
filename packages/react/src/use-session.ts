// The session as a hook, with a selector. Snapshots keep their identity while nothing changes: the client's `transition.ts` sees to that.
import { useMemo } from 'react'
import { useTokenHandlerContext } from './context.ts'
import { readSession } from './read-session.ts'
import type { Session } from './register.ts'
import { useClientSnapshot } from './use-client-snapshot.ts'

const identity = (session: Session): Session => session

/** Remembers the last result, so that a selector may build an object without rendering for ever. */
function memoizeLast<A, R>(select: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined
  return (argument) => {
    if (last?.argument !== argument) last = { argument, result: select(argument) }
    return last.result
  }
}

/**
 * The session, kept up to date: `loading`, `authenticated` with typed claims, `unauthenticated` with
 * a reason, or `error`. On the server, while hydrating and until the client knew something for the
 * first time, it is the provider's `initialSession`, else `loading`.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 *
 * @example
 * import { useSession } from '@token-handler/react'
 *
 * export function useIsSignedIn(): boolean {
 *   return useSession(({ status }) => status === 'authenticated')
 * }
 */
export function useSession(): Session
/**
 * What a component shows of the session; it renders again only when that value changes.
 *
 * @param selector - picks it
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 */
export function useSession<T>(selector: (session: Session) => T): T
export function useSession<T>(selector?: (session: Session) => T): T | Session {
  const { client, initialSession } = useTokenHandlerContext('useSession()')
  const select = useMemo(() => memoizeLast<Session, T | Session>(selector ?? identity), [selector])
  // The client keeps the identity of an unchanged session: `keepIdentity` in its session/transition.ts.
  return useClientSnapshot(
    client,
    () => select(readSession(client, initialSession)),
    () => select(initialSession),
  )
}
