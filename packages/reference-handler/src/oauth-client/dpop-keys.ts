// The keys that access tokens are bound to: what is signed with them, and which of them a session is bound to.
import { base64url, calculateJwkThumbprint, importJWK, SignJWT } from 'jose'
import type { CryptoKey } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Configuration } from '../configuration/schema.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'

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

/** The keys of a client. */
export interface DpopKeys {
  /** Resolves with the key that new sessions are bound to. */
  readonly newest: () => Promise<DpopKey>
  /** Resolves with the key of this thumbprint, or `undefined` when it is none of the configuration's. */
  readonly find: (thumbprint: string) => Promise<DpopKey | undefined>
}

/**
 * The keys of a configuration; `undefined` where access tokens are bearer tokens.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9449 RFC 9449}
 */
export const dpopKeysOf = perConfiguration<Pick<Ports, 'now'>, DpopKeys | undefined>(
  ({ client: { dpopKeys } }, { now }) =>
    dpopKeys === undefined ? undefined : createDpopKeys(dpopKeys, now),
)

/** Importing a key takes a promise, so the first request does it. */
function createDpopKeys(privateKeys: readonly PrivateKey[], now: () => number): DpopKeys {
  let imported: Promise<readonly DpopKey[]> | undefined
  const load = () => (imported ??= Promise.all(privateKeys.map((key) => importKey(key, now))))
  return {
    async newest() {
      const [first] = await load()
      if (first === undefined) throw new Error('There is no DPoP key.')
      return first
    },
    async find(thumbprint) {
      const keys = await load()
      return keys.find((key) => key.thumbprint === thumbprint)
    },
  }
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
