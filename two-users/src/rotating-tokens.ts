// An authorization server as a fetch function whose refresh tokens rotate: a second use of one ends the session.
import type { Fetch } from '@token-handler/reference-handler'

export const firstRefreshToken = 'refresh-0'

/** The authorization server of one session. */
export interface RotatingTokens {
  readonly fetch: Fetch
  /** The refresh tokens that were used, in order. */
  readonly used: readonly string[]
  /** Resolves when the token endpoint has been called so many times. */
  readonly whenUsed: (count: number) => Promise<void>
  /** Answers what is held back, and at once from now on. */
  readonly release: () => void
}

const issuer = 'https://login.idp.example'
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  code_challenge_methods_supported: ['S256'],
}

/** Holds answers of the token endpoint back until they are released. */
export function createRotatingTokens(): RotatingTokens {
  const used: string[] = []
  const held: (() => void)[] = []
  let isHolding = true
  let isRevoked = false
  let onUsed = () => {}

  function exchange(token: string): Response {
    if (isRevoked || token !== `refresh-${used.length - 1}`) {
      isRevoked = true
      return Response.json({ error: 'invalid_grant' }, { status: 400 })
    }
    const refresh_token = `refresh-${used.length}`
    return Response.json({
      access_token: 'new',
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token,
    })
  }

  return {
    used,
    async fetch(url, init) {
      if (!url.endsWith('/token')) return Response.json(metadata)
      const token = new URLSearchParams(init.body ?? '').get('refresh_token') ?? ''
      used.push(token)
      const answer = exchange(token)
      onUsed()
      if (isHolding) await new Promise<void>((resolve) => held.push(resolve))
      return answer
    },
    whenUsed: (count) =>
      new Promise((resolve) => {
        onUsed = () => {
          if (used.length >= count) resolve()
        }
        onUsed()
      }),
    release() {
      isHolding = false
      for (const answer of held.splice(0)) answer()
    },
  }
}
