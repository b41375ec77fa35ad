// Phantom tokens: the browser's cookie holds an opaque access token, and APIs get a JWT for it.
import { createExpiringMap } from '../expiring-map.ts'
import { connectionOf } from '../oauth-client/connection.ts'
import { introspect } from '../oauth-client/introspection.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'

/** What came of an exchange. */
export type TokenExchange =
  | { readonly kind: 'exchanged'; readonly jwt: string; readonly expiresAt?: number }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'unavailable'; readonly details: string }

/** Resolves with the JWT of an opaque access token. Never rejects. */
export type ExchangeToken = (accessToken: string) => Promise<TokenExchange>

const MAX_EXCHANGES = 1000

/**
 * Creates the exchange of a deployment. Concurrent lookups of a token share one request (single-flight). The result is
 * cached for the shortest of the answer's `max-age`, `introspection.keptFor` and the JWT's remaining lifetime, and is
 * never used after that, even if no newer one can be had. Inactive tokens are cached for
 * `introspection.inactiveKeptFor`, failures not at all.
 */
export function createTokenExchange(configuration: Configuration, ports: Ports): ExchangeToken {
  const { introspection } = configuration
  const { request } = connectionOf(configuration, ports)
  const exchanges = createExpiringMap<Promise<TokenExchange>>(MAX_EXCHANGES, ports.now)

  async function exchange(accessToken: string): Promise<TokenExchange> {
    const asked = await request((endpoint) => introspect(endpoint, accessToken))
    if (!asked.ok) {
      exchanges.delete(accessToken)
      return { kind: 'unavailable', details: asked.failure.details }
    }
    const answer = asked.value
    if (answer.kind === 'inactive') {
      keep(accessToken, introspection.inactiveKeptFor * 1000)
      return answer
    }
    const { jwt, expiresAt = Infinity, maxAge = Infinity } = answer
    const lifetime = expiresAt - ports.now()
    keep(accessToken, Math.min(lifetime, maxAge * 1000, introspection.keptFor * 1000))
    return lifetime > 0
      ? { kind: 'exchanged', jwt, ...(answer.expiresAt !== undefined && { expiresAt }) }
      : { kind: 'inactive' }
  }

  /** Limits the life of an exchange that is already known, since concurrent lookups wait for it. */
  function keep(accessToken: string, milliseconds: number): void {
    const known = exchanges.peek(accessToken)
    if (known === undefined) return
    // The map still gives away what is exactly as old as it may be.
    const lifetime = milliseconds - 1
    if (lifetime > 0) exchanges.set(accessToken, known, lifetime)
    else exchanges.delete(accessToken)
  }

  return (accessToken) => {
    const known = exchanges.get(accessToken)
    if (known !== undefined) return known
    const asked = exchange(accessToken)
    exchanges.set(accessToken, asked)
    return asked
  }
}
