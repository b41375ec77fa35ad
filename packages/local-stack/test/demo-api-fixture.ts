// The demo API on a free port for each test, and access tokens for it that nobody issued.
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { pino } from 'pino'
import { beforeEach } from 'vitest'
import { startDemoApi } from '../src/demo-api/server.ts'
import { send } from './visitor.ts'
import type { Answer, Exchange } from './visitor.ts'

const issuer = 'http://login.idp.localhost:4000'
const audience = 'urn:example:orders'

const ours = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'ES256' }] }

export interface TokenChanges {
  readonly subject?: string
  readonly issuer?: string
  readonly audience?: string
  readonly scope?: string
  readonly typ?: string
  readonly id?: string
  /** Seconds from now. */
  readonly expiresIn?: number
  /** Seconds since the user proved who they are; unknown by default. */
  readonly signedInFor?: number
  readonly key?: CryptoKey
}

/** An access token that opens the API, but for the changes. */
export async function createToken(changes: TokenChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const { signedInFor } = changes
  return new SignJWT({
    scope: changes.scope ?? 'orders',
    client_id: 'spa',
    ...(signedInFor !== undefined && { auth_time: now - signedInFor }),
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: changes.typ ?? 'at+jwt' })
    .setIssuer(changes.issuer ?? issuer)
    .setAudience(changes.audience ?? audience)
    .setSubject(changes.subject ?? 'alice')
    .setJti(changes.id ?? randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + (changes.expiresIn ?? 300))
    .sign(changes.key ?? ours.privateKey)
}

export const bearer = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
})

/** To be called once in a test file; returns the API of the test that runs. */
export function useDemoApi() {
  let url = ''
  let close = async (): Promise<void> => {}
  let authorizationServerIsUp = true
  const expired = new Set<string>()

  beforeEach(async () => {
    authorizationServerIsUp = true
    expired.clear()
    const api = await startDemoApi({
      port: 0,
      issuer,
      audience,
      format: 'jwt',
      algorithm: 'ES256',
      scope: 'orders',
      isLive: (id) => !expired.has(id),
      logger: pino({ level: 'silent' }),
      fetch: async () =>
        authorizationServerIsUp
          ? Response.json(jwks)
          : Promise.reject(new TypeError('fetch failed')),
    })
    url = api.url
    close = api.close
    return () => api.close()
  })

  return {
    url: () => url,
    close: () => close(),
    expire: (id: string): void => void expired.add(id),
    stopAuthorizationServer: (): void => void (authorizationServerIsUp = false),
    async call(path: string, token: string, exchange: Exchange = {}): Promise<Answer> {
      const headers = { ...exchange.headers, ...bearer(token) }
      return send(new URL(path, url), { ...exchange, headers })
    },
  }
}
