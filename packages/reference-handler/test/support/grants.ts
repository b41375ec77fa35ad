// What the test's authorization server remembers: codes, refresh tokens, and what became of them.
import { base64url } from 'jose'

export interface Grant {
  readonly user: string
  readonly authorization: URLSearchParams
  active: boolean
}

interface RefreshToken {
  readonly grant: Grant
  usedAt?: number
}

/** What a refresh does to the refresh token: replace it, keep it, or replace it with some patience. */
export type Rotation = boolean | 'grace'

/** Milliseconds in which a used token is taken once more, with `grace`. */
const GRACE = 30_000

export function createGrants(rotation: Rotation, now: () => number) {
  const codes = new Map<string, Grant>()
  const refreshTokens = new Map<string, RefreshToken>()

  const isReplay = ({ usedAt }: RefreshToken): boolean =>
    usedAt !== undefined && (rotation !== 'grace' || now() - usedAt > GRACE)

  return {
    addCode: (code: string, user: string, authorization: URLSearchParams) =>
      codes.set(code, { user, authorization, active: true }),

    /** The grant of a code, once, if the request is its own. */
    async redeemCode(form: URLSearchParams): Promise<Grant | undefined> {
      const code = form.get('code') ?? ''
      const grant = codes.get(code)
      codes.delete(code)
      const verifier = new TextEncoder().encode(form.get('code_verifier') ?? '')
      const digest = await crypto.subtle.digest('SHA-256', verifier)
      const isOwn =
        grant?.authorization.get('code_challenge') === base64url.encode(new Uint8Array(digest)) &&
        grant.authorization.get('redirect_uri') === form.get('redirect_uri')
      return isOwn ? grant : undefined
    },

    addRefreshToken: (token: string, grant: Grant) => refreshTokens.set(token, { grant }),

    /** The grant of a refresh token, if it may still be used; reuse ends the grant. */
    redeemRefreshToken(token: string): Grant | undefined {
      const known = refreshTokens.get(token)
      if (known === undefined) return undefined
      if (isReplay(known)) known.grant.active = false
      if (!known.grant.active) return undefined
      if (rotation !== false) known.usedAt ??= now()
      return known.grant
    },

    revoke(token: string): void {
      const known = refreshTokens.get(token)
      if (known) known.grant.active = false
    },

    endAll(): void {
      for (const { grant } of refreshTokens.values()) grant.active = false
    },
  }
}
