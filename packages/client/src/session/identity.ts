// Who a user is, as the app sees it, and which claims say something about them.
import type { Claims } from '@token-handler/contract'

/** What makes two sessions one user's: the same text. */
export type Identify = (claims: Claims) => string

// They are about the ID token, and differ after every refresh.
const ABOUT_TOKEN: ReadonlySet<string> = new Set([
  'iat',
  'exp',
  'nbf',
  'jti',
  'nonce',
  'at_hash',
  'c_hash',
  'rat',
])

/**
 * The claims about the user, comparable.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core section 2}
 */
export const describeUser = (claims: Claims): string =>
  JSON.stringify(Object.entries(claims).filter(([name]) => !ABOUT_TOKEN.has(name)))

/** @param identity - the app's, for claims that its schema has not changed. Default: `sub` */
export function createIdentify(identity: (claims: Claims) => unknown = ({ sub }) => sub): Identify {
  return (claims) => {
    try {
      const value = identity(claims)
      // oxlint-disable-next-line typescript/no-unnecessary-type-conversion -- `undefined` has no JSON
      return typeof value === 'string' ? value : String(JSON.stringify(value))
    } catch {
      // Rather a cache too many is emptied than one too few.
      return describeUser(claims)
    }
  }
}
