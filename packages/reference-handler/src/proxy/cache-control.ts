// What an API says about caches, and what has to be added where caches see a cookie instead of its token.

import { remember } from './remember.ts'

/** What the directives of one field mean for a request that carried an access token. */
export interface CacheControl {
  /** The directives, with `private` where they neither share the answer nor keep it from shared caches. */
  readonly directives: string
  /** The API lets a cache give the answer to other users, by `public` or `s-maxage`. */
  readonly isShared: boolean
}

/** Text in quotes is an argument, whatever directives it looks like; of those, none here counts. */
const QUOTED = /"(?:[^"\\]|\\.)*"?/g

/**
 * Reads `Cache-Control`, or a field of its kind. Only what holds for all of the answer counts:
 * `private="x"` is about one header, and `no-store` beside `must-understand` is not for caches that
 * know the status. `must-revalidate` would let shared caches store the answer, too, but those who send
 * it ask for less caching, not for more, so it allows nothing here. Nor does `s-maxage=0`.
 *
 * @param value - all lines of the field, joined
 * @see {@link https://www.rfc-editor.org/rfc/rfc9111#section-3.5 RFC 9111 section 3.5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2 RFC 9111 section 5.2.2}
 */
export const readCacheControl: (value: string) => CacheControl = remember((value) => {
  const plain = value.includes('"') ? value.replace(QUOTED, '""') : value
  let allows = false
  let isPrivate = false
  let forbidsStore = false
  let isUnderstood = false
  for (const item of plain.toLowerCase().split(',')) {
    const directive = item.trim()
    if (directive === 'private') isPrivate = true
    else if (directive === 'no-store') forbidsStore = true
    else if (directive === 'must-understand') isUnderstood = true
    else if (directive === 'public') allows = true
    else if (directive.startsWith('s-maxage=')) allows ||= Number(directive.slice(9)) > 0
  }
  isPrivate ||= forbidsStore && !isUnderstood
  const isShared = allows && !isPrivate
  if (isShared || isPrivate) return { directives: value, isShared }
  return { directives: value === '' ? 'private' : `${value}, private`, isShared }
})
