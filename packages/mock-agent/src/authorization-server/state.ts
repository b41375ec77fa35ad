// What the mock authorization server knows: codes, grants and tokens, and how they move. Pure: no clock, no HTTP.
import type { MockUser, MockUsers } from '../users.ts'

/** Who signed in at the authorization server, when and how. */
export interface Authentication<U extends MockUsers> extends MockUser<U> {
  /** Milliseconds since the epoch. */
  readonly authenticatedAt: number
  /** The authentication context that was reached, where one was asked for. */
  readonly acr?: string
}

/** A token is its number: nothing about it is secret. */
export interface AccessToken {
  readonly number: number
  /** Of the grant it came out of. */
  readonly grant: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What the token endpoint answers with. */
export interface Tokens {
  readonly accessToken: AccessToken
  readonly refreshToken: number
}

interface IssuedCode<U extends MockUsers> {
  readonly code: string
  /** Of the login it was issued for; binds the code as a code challenge does. */
  readonly state: string
  readonly authentication: Authentication<U>
}

/** One sign-in, with the refresh token that is good now. */
export interface Grant<U extends MockUsers> extends Authentication<U> {
  readonly number: number
  readonly refreshToken: number
  /** The refresh token before that, and when it was exchanged. */
  readonly previous?: { readonly refreshToken: number; readonly usedAt: number }
  readonly isRevoked: boolean
}

/** A signed authorization response (JARM): what it is on the wire, and the query that it stands for. */
interface SignedResponse {
  readonly response: string
  readonly query: string
}

/** Everything the authorization server remembers. */
export interface AuthorizationServer<U extends MockUsers> {
  readonly codes: readonly IssuedCode<U>[]
  readonly responses: readonly SignedResponse[]
  readonly grants: readonly Grant<U>[]
  /** How many things it has issued; numbers the next one. */
  readonly issued: number
  /** Access tokens up to this number have expired, whatever they say. */
  readonly expiredUpTo: number
}

/** How the authorization server issues tokens. */
export interface TokenPolicy {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly accessTokenLifetime: number
  readonly refreshTokens: 'rotating' | 'reusable'
  /** Seconds for which a refresh token that was exchanged is still taken. */
  readonly refreshTokenGraceFor: number
}

/** An authorization server without a session. */
export function newAuthorizationServer<U extends MockUsers>(): AuthorizationServer<U> {
  return { codes: [], responses: [], grants: [], issued: 0, expiredUpTo: 0 }
}

/** Issues the first tokens of a sign-in. */
export function grantTokens<U extends MockUsers>(
  server: AuthorizationServer<U>,
  authentication: Authentication<U>,
  policy: TokenPolicy,
): { readonly server: AuthorizationServer<U>; readonly tokens: Tokens } {
  const issued = server.issued + 3
  const grant: Grant<U> = {
    ...authentication,
    number: issued - 2,
    refreshToken: issued - 1,
    isRevoked: false,
  }
  return {
    server: { ...server, issued, grants: [...server.grants, grant] },
    tokens: {
      accessToken: accessToken(issued, grant.number, policy),
      refreshToken: grant.refreshToken,
    },
  }
}

const accessToken = (number: number, grant: number, policy: TokenPolicy): AccessToken => ({
  number,
  grant,
  expiresAt: policy.now + policy.accessTokenLifetime * 1000,
})

/** Replaces a grant by what came of it. */
export function updateGrant<U extends MockUsers>(
  server: AuthorizationServer<U>,
  grant: Grant<U>,
): AuthorizationServer<U> {
  const grants = server.grants.map((other) => (other.number === grant.number ? grant : other))
  return { ...server, grants }
}

/** The sign-in that a token belongs to. */
export function findGrant<U extends MockUsers>(
  server: AuthorizationServer<U>,
  number: number,
): Grant<U> | undefined {
  return server.grants.find((grant) => grant.number === number)
}

/** Ends a grant: its refresh tokens are worth nothing from now on. */
export function revokeGrant<U extends MockUsers>(
  server: AuthorizationServer<U>,
  number: number,
): AuthorizationServer<U> {
  const grant = findGrant(server, number)
  return grant === undefined ? server : updateGrant(server, { ...grant, isRevoked: true })
}

/** APIs refuse every access token issued so far. */
export function expireAccessTokens<U extends MockUsers>(
  server: AuthorizationServer<U>,
): AuthorizationServer<U> {
  return { ...server, expiredUpTo: server.issued }
}

/** Ends every grant, and with it every access token: all users are signed out at the server. */
export function revokeEverything<U extends MockUsers>(
  server: AuthorizationServer<U>,
): AuthorizationServer<U> {
  const grants = server.grants.map((grant) => ({ ...grant, isRevoked: true }))
  return expireAccessTokens({ ...server, grants })
}

/** Milliseconds that APIs will still accept an access token for; 0 when they do not. */
export function timeLeft<U extends MockUsers>(
  server: AuthorizationServer<U>,
  token: AccessToken,
  now: number,
): number {
  return token.number > server.expiredUpTo ? Math.max(0, token.expiresAt - now) : 0
}
