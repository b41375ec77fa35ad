// Header lines as Node has them, and what concerns one connection only.

/** Header lines in their order: name, in any case, and value, in turn, as Node has them. */
export type HeaderLines = readonly string[]

/**
 * They concern one connection, not the message.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 RFC 9110 section 7.6.1}
 */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Servers that hand headers on as CGI variables cannot tell `_` from `-`. */
export function normalizeName(name: string): string {
  const lowerCase = name.toLowerCase()
  return lowerCase.includes('_') ? lowerCase.replaceAll('_', '-') : lowerCase
}

/** Names that a line of a message's `Connection` header lists as belonging to the connection. */
export const readConnectionOptions = (line: string): string[] =>
  line.split(',').map((option) => normalizeName(option.trim()))

/** Takes the lines of some names, as {@link normalizeName} makes them, out of others. */
export const withoutNames = (lines: HeaderLines, names: readonly string[]): string[] =>
  lines.filter((_line, index) => !names.includes(normalizeName(lines[index - (index % 2)] ?? '')))
