// The session as a hook, under a Suspense boundary that shows the loading state.
import { useTokenHandlerContext } from './context.ts'
import { readKnownSession } from './read-session.ts'
import type { KnownSession } from './read-session.ts'
import type { RegisteredClient } from './register.ts'
import { useClientSnapshot } from './use-client-snapshot.ts'
import { whenKnown } from './when-known.ts'

/** For a boundary to wait on. */
async function untilKnown(client: RegisteredClient): Promise<unknown> {
  // A client calls its listeners synchronously, which has to wait for the end of this render.
  await Promise.resolve()
  // Of a client that was disposed nothing will be known. A rejection would render again, and again.
  return whenKnown(client).catch(() => new Promise(() => {}))
}

/**
 * The session, never `loading`: until it is known for the first time, the nearest `<Suspense>` shows
 * its fallback. After that a visitor's session, or an error, stays while another try to find it out is
 * under way. It suspends again only when another user has signed in, until the agent has said who: nothing
 * of the last user is shown meanwhile.
 *
 * A server sends no request to the agent, so there the provider needs an `initialSession`. Without one this throws, and
 * React leaves the `<Suspense>` boundary to the browser; so does a build of static pages with Next.js.
 *
 * @throws {MissingProviderError} outside a `TokenHandlerProvider`
 *
 * @example
 * import { useSuspenseSession } from '@token-handler/react'
 *
 * export function useGreeting(): string {
 *   const session = useSuspenseSession()
 *   return session.status === 'authenticated' ? 'Welcome back' : 'Hello'
 * }
 */
export function useSuspenseSession(): KnownSession {
  const { client, initialSession } = useTokenHandlerContext('useSuspenseSession()')
  const session = useClientSnapshot(
    client,
    () => readKnownSession(client, initialSession),
    () => initialSession,
  )
  if (session.status !== 'loading') return session
  if (typeof document === 'undefined') {
    throw Object.assign(
      new Error(
        'On a server, useSuspenseSession() needs the initialSession of <TokenHandlerProvider>.',
      ),
      // Next.js fails the build of a static page at any error but those with this digest.
      { digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' },
    )
  }
  // A thrown promise suspends; React 18 has no `use`.
  // oxlint-disable-next-line typescript/only-throw-error
  throw untilKnown(client)
}
