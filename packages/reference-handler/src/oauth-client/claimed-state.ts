// Which login a signed authorization response says that it belongs to.
import { readJwtClaims } from '../base64url.ts'

/**
 * The state that a signed response claims to have, or an empty text. It is good for finding the login
 * that the response belongs to, and proves nothing.
 *
 * @param response - a JWT, its signature not yet verified
 */
export function readClaimedState(response: string): string {
  try {
    const { state } = readJwtClaims(response)
    return typeof state === 'string' ? state : ''
  } catch {
    return ''
  }
}
