// Looking up one header among the lines of a request.
import type { HeaderLines } from '../proxy/headers.ts'

/**
 * The value of a header that may occur once.
 *
 * @param name - in lower case
 * @returns `undefined` when there is none, or more than one
 */
export function findHeader(lines: HeaderLines, name: string): string | undefined {
  let found: string | undefined
  for (let index = 0; index < lines.length; index += 2) {
    if (lines[index]?.toLowerCase() !== name) continue
    if (found !== undefined) return undefined
    found = lines[index + 1]
  }
  return found
}
