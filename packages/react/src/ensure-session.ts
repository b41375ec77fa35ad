// The guard for routes: what a router's loader awaits before it loads anything else.
import { TokenHandlerError } from '@token-handler/client'
import type { AuthenticatedSession, TokenHandlerClient } from '@token-handler/client'
import { whenKnown } from './when-known.ts'

/** Options of {@link ensureSession}. */
export interface EnsureSessionOptions {
  /**
   * Where to be after the sign-in: the route that is being loaded. The address bar may still show the
   * page before it, so say it: `request.url` in React Router, `location.publicHref` in TanStack Router. A
   * path with the router's `basename`, as the address bar shows it.
   * Default: the current page.
   */
  readonly returnTo?: string | undefined
  /**
   * Makes what is thrown when there is no session, usually the router's own `redirect(…)`. Default:
   * a sign-in is started, and the promise stays pending while the page goes.
   */
  readonly onSignedOut?: (() => unknown) | undefined
  /**
   * The route is only being preloaded, because the pointer is over its link for instance: then no sign-in
   * is started, and `session_expired` is thrown instead. TanStack Router passes it to `beforeLoad`.
   * @default false
   */
  readonly preload?: boolean | undefined
}

/**
 * Finds out the session, and goes on only with a signed-in user. For the loader of a route, so that
 * nothing behind it is requested or rendered without a session. Asks the agent at most once per page.
 *
 * @param client - from `createTokenHandlerClient`
 * @returns the session
 * @throws what `onSignedOut` makes
 * @throws {TokenHandlerError} when the agent could not be asked, or a sign-in could not be started;
 *   `session_expired` while preloading without a session
 *
 * @example
 * ```ts
 * const loader: LoaderFunction = async ({ request }) => {
 *   const { claims } = await ensureSession(tokenHandler, { returnTo: request.url })
 *   …
 * }
 * ```
 */
export async function ensureSession<C>(
  client: TokenHandlerClient<C>,
  options: EnsureSessionOptions = {},
): Promise<AuthenticatedSession<C>> {
  const session = await whenKnown(client)
  switch (session.status) {
    case 'authenticated':
      return session
    case 'error':
      throw session.error
    case 'unauthenticated': {
      const { returnTo, onSignedOut, preload } = options
      // What routers want to have thrown is seldom an Error.
      // oxlint-disable-next-line typescript/only-throw-error
      if (onSignedOut) throw onSignedOut()
      if (preload) {
        throw new TokenHandlerError('session_expired', 'Nobody is signed in: nothing is preloaded.')
      }
      return await client.login(returnTo === undefined ? {} : { returnTo })
    }
  }
  return session satisfies never
}
