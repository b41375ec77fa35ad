// The refresh token grant of the mock authorization server: rotation, a grace window, detection of reuse. Pure.
import { findGrant, revokeGrant, updateGrant } from './state.ts'
import type { AuthorizationServer, Grant, TokenPolicy, Tokens } from './state.ts'
import type { MockUsers } from '../users.ts'

/** What the token endpoint did; no tokens means `invalid_grant`. */
export interface RefreshOutcome<U extends MockUsers> {
  readonly server: AuthorizationServer<U>
  readonly tokens: Tokens | undefined
}

/** Whether this is the refresh token just before the current one, exchanged a moment ago. */
function isInGrace(
  { previous }: Pick<Grant<never>, 'previous'>,
  refreshToken: number,
  { now, refreshTokenGraceFor }: TokenPolicy,
): boolean {
  if (previous?.refreshToken !== refreshToken) return false
  return now - previous.usedAt < refreshTokenGraceFor * 1000
}

/**
 * Exchanges a refresh token. With rotation each one is good once, but for the grace window; a second
 * use is taken for theft and ends the grant.
 *
 * @param number - of the grant
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2 RFC 9700 section 4.14.2}
 */
export function exchangeRefreshToken<U extends MockUsers>(
  server: AuthorizationServer<U>,
  number: number,
  refreshToken: number,
  policy: TokenPolicy,
): RefreshOutcome<U> {
  const grant = findGrant(server, number)
  if (grant === undefined || grant.isRevoked) return { server, tokens: undefined }
  if (grant.refreshToken !== refreshToken && !isInGrace(grant, refreshToken, policy)) {
    return { server: revokeGrant(server, number), tokens: undefined }
  }
  const issued = server.issued + 2
  const rotated: Grant<U> =
    policy.refreshTokens === 'reusable'
      ? grant
      : { ...grant, refreshToken: issued, previous: { refreshToken, usedAt: policy.now } }
  const expiresAt = policy.now + policy.accessTokenLifetime * 1000
  return {
    server: updateGrant({ ...server, issued }, rotated),
    tokens: {
      accessToken: { number: issued - 1, grant: number, expiresAt },
      refreshToken: rotated.refreshToken,
    },
  }
}
