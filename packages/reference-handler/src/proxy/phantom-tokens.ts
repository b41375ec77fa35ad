// Phantom tokens: the browser's cookie holds an opaque access token, and APIs get a JWT for it.
import { LRUCache } from 'lru-cache'
import { connectionOf } from '../oauth-client/connection.ts'
import { introspect } from '../oauth-client/introspection.ts'
import type { Configuration } from '../configuration/schema.ts'
import type { Ports } from '../ports.ts'

/** What came of an exchange. */
export type Exchange =
  | { readonly kind: 'exchanged'; readonly jwt: string; readonly expiresAt?: number }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'unavailable'; readonly details: string }

/** Resolves with the JWT of an opaque access token. Never rejects. */
export type ExchangeToken = (accessToken: string) => Promise<Exchange>

const MAX_EXCHANGES = 1000

/**
 * Creates the exchange of a deployment. The authorization server is asked once for all who wait for
 * the same token, and again when its answer is as old as it says, as `introspection.keptFor` says, or
 * as old as the JWT lives: the least of them. An answer past that is never used, also when there is no
 * newer one. Inactive tokens are kept for `introspection.inactiveKeptFor`, failures not at all.
 */
export function createTokenExchange(configuration: Configuration, ports: Ports): ExchangeToken {
  const { introspection } = configuration
  const { request } = connectionOf(configuration, ports)
  const exchanges = new LRUCache<string, Promise<Exchange>>({
    max: MAX_EXCHANGES,
    perf: { now: ports.now },
    ttlResolution: 0,
  })

  async function exchange(accessToken: string): Promise<Exchange> {
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

  /** Limits the life of an exchange that is already known, since everyone asking meanwhile waits for it. */
  function keep(accessToken: string, milliseconds: number): void {
    const known = exchanges.peek(accessToken)
    if (known === undefined) return
    // The cache still gives away what is exactly as old as it may be.
    const ttl = milliseconds - 1
    if (ttl > 0) exchanges.set(accessToken, known, { ttl })
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
