// Phantom tokens: the browser's cookie holds an opaque access token, and APIs get a JWT for it.
import { connectionOf } from '../oauth-client/connection.ts'
import { introspect } from '../oauth-client/introspection.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'
import { createKeptAnswers } from './kept-answers.ts'
import type { Kept } from './kept-answers.ts'

/** What came of an exchange. */
export type TokenExchange =
  | {
      readonly kind: 'exchanged'
      readonly jwt: string
      /** Milliseconds since the epoch, as {@link keptUntil}. */
      readonly expiresAt?: number
      /** The end of its life here: whoever keeps it for longer does not hear of its revocation. */
      readonly keptUntil: number
    }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'unavailable'; readonly details: string }

/** Resolves with the JWT of an opaque access token. Never rejects. */
export type ExchangeToken = (accessToken: string) => Promise<TokenExchange>

/**
 * Creates the exchange of a deployment. Concurrent lookups of a token share one request (single-flight). The result is
 * cached for the shortest of the answer's `max-age`, `introspection.keptFor` and the JWT's remaining lifetime, and is
 * never used after that, even if no newer one can be had. Inactive tokens are cached for
 * `introspection.inactiveKeptFor`, failures not at all.
 */
export function createTokenExchange(configuration: Configuration, ports: Ports): ExchangeToken {
  const { introspection } = configuration
  const { request } = connectionOf(configuration, ports)
  const find = createKeptAnswers<TokenExchange>(ports.now)

  async function exchange(accessToken: string): Promise<Kept<TokenExchange>> {
    const asked = await request((endpoint) => introspect(endpoint, accessToken))
    if (!asked.ok) {
      return { answer: { kind: 'unavailable', details: asked.failure.details }, keptFor: 0 }
    }
    const answer = asked.value
    const inactiveKeptFor = introspection.inactiveKeptFor * 1000
    if (answer.kind === 'inactive') return { answer, keptFor: inactiveKeptFor }
    const { jwt, expiresAt = Infinity, maxAge = Infinity } = answer
    const lifetime = expiresAt - ports.now()
    const keptFor = Math.min(lifetime, maxAge * 1000, introspection.keptFor * 1000)
    return lifetime > 0
      ? {
          answer: {
            kind: 'exchanged',
            jwt,
            ...(answer.expiresAt !== undefined && { expiresAt: answer.expiresAt }),
            keptUntil: ports.now() + keptFor,
          },
          keptFor,
        }
      : { answer: { kind: 'inactive' }, keptFor }
  }

  return (accessToken) => find(accessToken, () => exchange(accessToken))
}
