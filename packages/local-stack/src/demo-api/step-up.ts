// Asking for a fresher sign-in before something that cannot be undone.
import type { onRequestAsyncHookHandler } from 'fastify'
import { authenticatedAtOf } from './authentication.ts'

/**
 * Refuses a request whose user signed in too long ago. An access token that is merely refreshed is no
 * fresher: `auth_time` stays that of the sign-in.
 *
 * @param maxAge - seconds
 * @param now - milliseconds since the epoch
 * @see {@link https://www.rfc-editor.org/rfc/rfc9470#section-3 RFC 9470 section 3}
 */
export function requireFreshSignIn(maxAge: number, now: () => number): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const age = now() / 1000 - authenticatedAtOf(request)
    if (age <= maxAge) return
    const challenge = `Bearer error="insufficient_user_authentication", error_description="A sign-in within the last ${maxAge} seconds is needed", max_age="${maxAge}"`
    await reply
      .code(401)
      .header('www-authenticate', challenge)
      .send({ error: 'insufficient_user_authentication' })
  }
}
