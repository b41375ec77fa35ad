// The headers that the proxy decides by, found in one walk over all of them.
import { VERSION_HEADER } from '@token-handler/contract'
import type { HeaderLines } from './headers.ts'
import { remember } from './remember.ts'

const names = [
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'cookie',
  'host',
  'origin',
  'sec-fetch-site',
  'upgrade',
  VERSION_HEADER,
] as const

/** Looks up one of the headers that the proxy decides by. */
export type DecisiveHeaders = (name: (typeof names)[number]) => string | undefined

const places: ReadonlyMap<string, number> = new Map(names.map((name, index) => [name, index]))

/** Where a name in any case belongs: to write it in lower case each time takes longer than all else here. */
const findPlace = remember((name) => ({ place: places.get(name.toLowerCase()) ?? -1 }))

const COOKIE = places.get('cookie')

/**
 * Reads the headers that the proxy decides by. Lines of the same name are joined.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.3 RFC 9110 section 5.3}
 */
export function readDecisiveHeaders(lines: HeaderLines): DecisiveHeaders {
  // By place, because a map for each request takes longer to fill than all else here.
  const found = names.map((): string | undefined => undefined)
  for (let index = 0; index < lines.length; index += 2) {
    const { place } = findPlace(lines[index] ?? '')
    if (place < 0) continue
    const value = lines[index + 1] ?? ''
    const before = found[place]
    const separator = place === COOKIE ? '; ' : ', '
    found[place] = before === undefined ? value : before + separator + value
  }
  return (name) => found[places.get(name) ?? -1]
}
