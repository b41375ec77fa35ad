// What the agent says about a session and its access token, with every duration turned into an instant.
import type { Claims } from '@token-handler/contract'

/** What the agent says about a session. Instants are in milliseconds. */
export interface SessionFacts {
  /** Not checked yet: each app of an origin has a schema of its own. */
  readonly claims: Claims
  readonly accessTokenExpiresAt: number | undefined
  readonly sessionExpiresAt: number | undefined
  readonly isDeviceBound?: boolean | undefined
}

/** What a new access token brings. Instants are in milliseconds. */
export interface TokenRenewal {
  /** When the access token was asked for. */
  readonly renewedAt: number
  /** Absent when not known. */
  readonly accessTokenExpiresAt?: number | undefined
}
