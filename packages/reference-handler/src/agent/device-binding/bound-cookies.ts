// Finding the cookies that say that a proof was made a moment ago.
import { cookieName } from '@token-handler/contract'
import { findCookies } from '../../http/cookies.ts'

/**
 * The values of all bound cookies of a request. One that was planted beside ours opens to nothing; it does no harm where
 * the prefix has `Http-`, and elsewhere is refused as any repeated name is.
 */
export function findBoundCookies(
  header: string | null | undefined,
  prefix: string,
): readonly string[] {
  const name = cookieName(prefix, 'bound')
  const start = name.slice(0, name.lastIndexOf('-'))
  return findCookies(header, start).flatMap(([found, value]) => (found === name ? [value] : []))
}
