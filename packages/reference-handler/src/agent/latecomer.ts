// Telling who comes late with an old session from who comes with a new one.
import type { RefreshableSession } from './refresh-coordinator.ts'

/**
 * Whether a session is older than what came of its refresh, so that it gets the same answer. Where the refresh token
 * stays the same, it may also be that very renewal, or a later one that another process made: then it is refreshed
 * again. Every coordinator needs exactly this.
 *
 * @param session - what a request presents
 * @param renewed - what a refresh with the same refresh token brought
 *
 * @example
 * import { isLatecomer } from '@token-handler/reference-handler'
 *
 * const presented = { refreshToken: 'one', startedAt: 0, issuedAt: 0 }
 * console.log(isLatecomer(presented, { refreshToken: 'two', startedAt: 0, issuedAt: 60_000 })) // true
 */
export function isLatecomer(session: RefreshableSession, renewed: RefreshableSession): boolean {
  return renewed.refreshToken !== session.refreshToken || session.issuedAt < renewed.issuedAt
}
