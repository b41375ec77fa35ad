// The keys that access tokens are bound to: what is signed with them, and which of them a session is bound to.
import { base64url, calculateJwkThumbprint, importJWK, SignJWT } from 'jose'
import type { CryptoKey } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'

type PrivateKey = NonNullable<Configuration['client']['dpopKeys']>[number]

/** What a proof of possession is made for: one request to an API. */
export interface ProvenRequest {
  readonly method: string
  /** Without query and fragment. */
  readonly url: string
  readonly accessToken: string
  /** What the API asked to have in it. */
  readonly nonce?: string | undefined
}

/** A key that access tokens are bound to. */
export interface DpopKey {
  /** As `cnf.jkt` of the tokens says it (RFC 7638, SHA-256). */
  readonly thumbprint: string
  /** Proves possession to the authorization server, and keeps its nonces. */
  readonly handle: oauth.DPoPHandle
  /** Resolves with a proof for an API; each is good for one request. */
  readonly prove: (request: ProvenRequest) => Promise<string>
}

const publicMembers = ['crv', 'x', 'y', 'n', 'e']

/** The public half of a private key, without what is said about it. */
export const publicHalf = ({ kty, ...members }: PrivateKey) => ({
  kty,
  ...Object.fromEntries(Object.entries(members).filter(([name]) => publicMembers.includes(name))),
})

/**
 * Imports a key.
 *
 * @throws when it is no private key of its `alg`
 */
export async function importKey(jwk: PrivateKey, now: () => number): Promise<DpopKey> {
  const { alg } = jwk
  const publicJwk = publicHalf(jwk)
  const [privateKey, publicKey] = await Promise.all([
    importJWK(jwk, alg),
    importJWK(publicJwk, alg, { extractable: true }),
  ])
  if (!isCryptoKey(privateKey) || !isCryptoKey(publicKey)) {
    throw new TypeError('The key is a symmetric one.')
  }
  const issuedAt = () => Math.floor(now() / 1000)
  return {
    thumbprint: await calculateJwkThumbprint(publicJwk),
    handle: oauth.DPoP(
      {},
      { privateKey, publicKey },
      {
        [oauth.modifyAssertion]: (header, payload) => {
          header['alg'] = alg
          payload['iat'] = issuedAt()
        },
      },
    ),
    prove: async ({ method, url, accessToken, nonce }) =>
      await new SignJWT({
        htm: method,
        htu: url,
        ath: await hash(accessToken),
        ...(nonce !== undefined && { nonce }),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk: publicJwk })
        .setJti(crypto.randomUUID())
        .setIssuedAt(issuedAt())
        .sign(privateKey),
  }
}

const isCryptoKey = (key: CryptoKey | Uint8Array): key is CryptoKey => !(key instanceof Uint8Array)

/** @see {@link https://www.rfc-editor.org/rfc/rfc9449#section-4.2 RFC 9449 section 4.2}, `ath` */
async function hash(accessToken: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))
  return base64url.encode(new Uint8Array(digest))
}
