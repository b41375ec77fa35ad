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

const NONE: ReadonlySet<string> = new Set()

/** Names that a message's `Connection` header lists as belonging to the connection. */
export function findConnectionOptions(lines: HeaderLines): ReadonlySet<string> {
  let options: Set<string> | undefined
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    if (name.length !== 'connection'.length || name.toLowerCase() !== 'connection') continue
    options ??= new Set()
    for (const option of lines[index + 1]?.split(',') ?? []) {
      options.add(normalizeName(option.trim()))
    }
  }
  return options ?? NONE
}
