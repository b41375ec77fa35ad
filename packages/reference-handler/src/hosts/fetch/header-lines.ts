// Headers as Fetch has them, and as the proxy reads and writes them.
import type { HeaderLines } from '../../proxy/headers.ts'

/** Lines of a message that came through Fetch. Fetch has joined lines of one name; cookies that are set stay apart. */
export function linesOf(headers: Headers): string[] {
  const lines: string[] = []
  for (const [name, value] of headers) if (name !== 'set-cookie') lines.push(name, value)
  for (const value of headers.getSetCookie()) lines.push('set-cookie', value)
  return lines
}

/** Headers of lines, but for those that a caller leaves out; `isKept` gets names in lower case. */
export function headersOf(lines: HeaderLines, isKept = (_name: string) => true): Headers {
  const headers = new Headers()
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    if (isKept(name.toLowerCase())) headers.append(name, lines[index + 1] ?? '')
  }
  return headers
}

/**
 * Lines of a request, for the proxy to judge. Fetch may keep the host in the URL alone, and a runtime that has read
 * `Upgrade` may have dropped the `Connection` that names it.
 */
export function requestLines({ headers, url }: Request): string[] {
  const lines = linesOf(headers)
  if (!headers.has('host')) lines.push('host', new URL(url).host)
  if (headers.has('upgrade') && !headers.has('connection')) lines.push('connection', 'upgrade')
  return lines
}
