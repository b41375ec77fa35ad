// Who a user is, as the app sees it, and which claims say something about them.
import type { Claims } from '@token-handler/contract'
import { isObject } from '../json.ts'

/** What makes two sessions one user's: the same text. */
export type Identify = (claims: Claims) => string

// They are about the ID token, and differ after every refresh; the last three are Entra ID's.
const ABOUT_TOKEN: ReadonlySet<string> = new Set([
  'iat',
  'exp',
  'nbf',
  'jti',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'rat',
  'uti',
  'aio',
  'rh',
])

/** As JSON, with the members of each object in one order: theirs says nothing. */
const stringify = (value: unknown): string | undefined =>
  JSON.stringify(value, (_name, part: unknown) =>
    isObject(part) && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/**
 * The claims about the user, comparable.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core section 2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8259#section-4 RFC 8259 section 4}
 */
export const describeUser = (claims: Claims): string => {
  const ofUser = Object.entries(claims).filter(([name]) => !ABOUT_TOKEN.has(name))
  return stringify(Object.fromEntries(ofUser)) ?? ''
}

/** @param identity - the app's, for claims that its schema has not changed. Default: `sub` */
export function createIdentify(identity: (claims: Claims) => unknown = ({ sub }) => sub): Identify {
  return (claims) => {
    let text: string | undefined
    try {
      const value = identity(claims)
      text = typeof value === 'string' ? value : stringify(value)
    } catch {}
    // What cannot be compared, such as a promise. Rather a cache too many is emptied than one too few.
    return text === undefined || text === '{}' ? describeUser(claims) : text
  }
}
