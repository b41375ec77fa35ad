// The public key of a device, as short as it can be: it is sealed into the session cookie.
import { calculateJwkThumbprint } from 'jose'
import type { JWK } from 'jose'

/** The algorithms of proofs, in the order of our liking. */
export type ProofAlgorithm = 'ES256' | 'RS256'

/** Characters of a coordinate on P-256 in base64url. */
const COORDINATE = 43

/** What nearly every RSA key has, and all that we take. */
const EXPONENT = 'AQAB'

/** Characters of a modulus of 2048 to 4096 bits in base64url. */
const MODULUS = /^[\w-]{342,683}$/
const POINT = /^[\w-]{86}$/

/**
 * A public key as text: both coordinates of a point on P-256, or the modulus of an RSA key.
 *
 * @returns `undefined` for any other key
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518#section-6 RFC 7518 section 6}
 */
export function packKey(jwk: JWK): string | undefined {
  const { kty, crv, x = '', y = '', n = '', e } = jwk
  if (kty === 'EC' && crv === 'P-256' && x.length === COORDINATE && POINT.test(x + y)) return x + y
  return kty === 'RSA' && e === EXPONENT && MODULUS.test(n) ? n : undefined
}

/** The algorithm that a key from {@link packKey} signs with. */
export const algorithmOf = (key: string): ProofAlgorithm => (POINT.test(key) ? 'ES256' : 'RS256')

/** The key as a JWK. */
export function unpackKey(key: string): JWK {
  return algorithmOf(key) === 'ES256'
    ? { kty: 'EC', crv: 'P-256', x: key.slice(0, COORDINATE), y: key.slice(COORDINATE) }
    : { kty: 'RSA', e: EXPONENT, n: key }
}

/**
 * What a key is recognised by.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7638 RFC 7638}
 */
export async function thumbprintOf(key: string): Promise<string> {
  return await calculateJwkThumbprint(unpackKey(key))
}
