// The headers that the proxy decides by, found in one walk over all of them.
import { VERSION_HEADER } from '@token-handler/contract'
import type { HeaderLines } from './headers.ts'

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

/** Most names are none of these by their length already, so that nothing more has to be compared. */
const namesByLength = Object.groupBy(names, (name) => name.length)

/**
 * Reads the headers that the proxy decides by. Lines of the same name are joined.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-5.3 RFC 9110 section 5.3}
 */
export function readDecisiveHeaders(lines: HeaderLines): DecisiveHeaders {
  const found = new Map<string, string>()
  for (let index = 0; index < lines.length; index += 2) {
    const line = lines[index] ?? ''
    const candidates = namesByLength[line.length]
    if (candidates === undefined) continue
    const name = line.toLowerCase()
    if (!candidates.some((candidate) => candidate === name)) continue
    const value = lines[index + 1] ?? ''
    const before = found.get(name)
    const separator = name === 'cookie' ? '; ' : ', '
    found.set(name, before === undefined ? value : before + separator + value)
  }
  return (name) => found.get(name)
}
