// What `session` and `endLogin` say about a session. Pure.
import type { SessionResult } from '@token-handler/contract'
import { timeLeft } from '../authorization-server/state.ts'
import type { SessionCookie } from './cookies.ts'
import type { ServerState } from './server-state.ts'
import type { MockUsers } from '../users.ts'

/** @param now - milliseconds since the epoch */
export function describeSession<U extends MockUsers>(
  { authorizationServer }: ServerState<U>,
  session: SessionCookie<U> | undefined,
  now: number,
): SessionResult {
  if (session === undefined) return { isLoggedIn: false }
  const left = timeLeft(authorizationServer, session.accessToken, now)
  return {
    isLoggedIn: true,
    claims: session.claims,
    accessTokenExpiresIn: Math.floor(left / 1000),
  }
}
