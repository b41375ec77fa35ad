// Reading a proof: a JWT that the browser has signed with the device's key, over a challenge of ours.
import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose'
import { algorithmOf, packKey, unpackKey } from './device-key.ts'
import type { ProofAlgorithm } from './device-key.ts'

/** What a proof is worth. */
export type Proof =
  | { readonly kind: 'signed'; readonly key: string; readonly challenge: string }
  /** Signed by another key than the session's: no further proof of this browser will be any better. */
  | { readonly kind: 'other-key' }
  /** None, or one that cannot be read. */
  | { readonly kind: 'none' }

/** Characters of a proof with an RSA key of 4096 bits, and room for a challenge. */
const MAX_LENGTH = 4096

/** Chromium sends it bare; the draft wants the string of a structured field (RFC 9651 section 3.3.3). */
const PROOF = /^"?([\w-]+\.[\w-]+\.[\w-]+)"?$/

const none: Proof = { kind: 'none' }

const isKnown = (alg: unknown): alg is ProofAlgorithm => alg === 'ES256' || alg === 'RS256'

/**
 * Checks type, algorithm and signature of a proof. Never rejects.
 *
 * @param header - `Secure-Session-Response`
 * @param key - the session's; without it the proof's own counts, as at a registration
 * @see {@link https://w3c.github.io/webappsec-dbsc/#dbsc-proof Device Bound Session Credentials, DBSC proofs}
 */
export async function readProof(header: string | null, key?: string): Promise<Proof> {
  if (header === null || header.length > MAX_LENGTH) return none
  const [, jwt = ''] = PROOF.exec(header) ?? []
  try {
    const { alg, jwk, typ } = decodeProtectedHeader(jwt)
    if (typ !== 'dbsc+jwt' || !isKnown(alg)) return none
    const packed = key ?? packKey(jwk ?? {})
    if (packed === undefined) return none
    if (algorithmOf(packed) !== alg) return key === undefined ? none : { kind: 'other-key' }
    const { payload } = await compactVerify(jwt, await importJWK(unpackKey(packed), alg), {
      algorithms: [alg],
    })
    const { jti }: { jti?: unknown } = Object(JSON.parse(new TextDecoder().decode(payload)))
    return typeof jti === 'string' ? { kind: 'signed', key: packed, challenge: jti } : none
  } catch (error) {
    const isForeign = key !== undefined && error instanceof errors.JWSSignatureVerificationFailed
    return isForeign ? { kind: 'other-key' } : none
  }
}
