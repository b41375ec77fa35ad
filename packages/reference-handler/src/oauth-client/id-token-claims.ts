// What is kept of an ID token.
import type { Claims } from '@token-handler/contract'
import { readJwtClaims } from '../base64url.ts'

/** They bind the ID token to request and response, were checked, and would only fill the cookie. */
const protocolClaims = new Set(['nonce', 'at_hash', 'c_hash', 's_hash'])

/** The claims about the user, without those that only serve the protocol. */
export function readClaims(payload: Claims): Claims {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !protocolClaims.has(name)))
}

/**
 * The claims about the user in an ID token that was validated when it came.
 *
 * @throws when it is no JWT
 */
export function readIdToken(idToken: string): Claims {
  return readClaims(readJwtClaims(idToken))
}
