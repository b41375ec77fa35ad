// Reading the `Cookie` header strictly, and writing `Set-Cookie`.

/** One cookie to set. An empty value with `maxAge` 0 removes it. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Seconds the browser keeps it; without, until the browser closes. */
  readonly maxAge?: number
  /** In place of the deployment's; `undefined` makes a cookie of this host alone. */
  readonly domain?: string | undefined
}

/** What all cookies of a deployment have in common. */
export interface CookieAttributes {
  readonly secure: boolean
  readonly domain?: string | undefined
}

/** Of these characters, and no others, are the names that we give. */
const OUR_NAME = /^[\w-]+$/

/**
 * Reads the cookies whose names start with a prefix; all others are left alone. No whitespace is
 * trimmed but the one space that browsers write after a semicolon, and no quotes are removed:
 * lenient parsers are how foreign cookies come to pass as `__Host-` ones.
 *
 * @param header - the `Cookie` header, if any
 * @param prefix - the deployment's cookie prefix
 * @returns values by name, or `duplicate` when a name of ours occurs twice: one of the two was
 *   planted, and they cannot be told apart
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-5.4 RFC 6265 section 5.4}
 */
export function parseCookies(
  header: string | null | undefined,
  prefix: string,
): ReadonlyMap<string, string> | 'duplicate' {
  const cookies = new Map<string, string>()
  let isDuplicate = false
  visitCookies(header, prefix, (name, value) => {
    isDuplicate ||= cookies.has(name)
    cookies.set(name, value)
  })
  return isDuplicate ? 'duplicate' : cookies
}

/** Names and values of all cookies that {@link parseCookies} reads, whether or not a name occurs twice. */
export function findCookies(
  header: string | null | undefined,
  prefix: string,
): readonly (readonly [name: string, value: string])[] {
  const cookies: [string, string][] = []
  visitCookies(header, prefix, (name, value) => void cookies.push([name, value]))
  return cookies
}

function visitCookies(
  header: string | null | undefined,
  prefix: string,
  visit: (name: string, value: string) => void,
): void {
  const ours = `${prefix}-`
  const text = header ?? ''
  // Pairs are looked at where they stand: most of them belong to other software.
  let next = 0
  // Looked for again only behind where it was found, so that no header is read over and over.
  let equals = -1
  while (next <= text.length) {
    const start = next > 0 && text.startsWith(' ', next) ? next + 1 : next
    const semicolon = text.indexOf(';', start)
    const end = semicolon < 0 ? text.length : semicolon
    next = end + 1
    if (!text.startsWith(ours, start)) continue
    if (equals < start) equals = text.indexOf('=', start)
    if (equals < 0) return
    if (equals > end) continue
    const name = text.slice(start, equals)
    if (OUR_NAME.test(name)) visit(name, text.slice(equals + 1, end))
  }
}

/** The names that occur more than once. */
export function repeatedNames(cookies: ReturnType<typeof findCookies>): readonly string[] {
  const names = cookies.map(([name]) => name)
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))]
}

/** The cookie that removes the one of this name. */
export function expiredCookie(name: string): SetCookie {
  return { name, value: '', maxAge: 0 }
}

/**
 * Writes the value of a `Set-Cookie` header. `HttpOnly`, `SameSite=Strict` and `Path=/` are not
 * negotiable.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-4.1 RFC 6265 section 4.1}
 */
export function serializeCookie(cookie: SetCookie, attributes: CookieAttributes): string {
  const domain = 'domain' in cookie ? cookie.domain : attributes.domain
  return [
    `${cookie.name}=${cookie.value}`,
    'Path=/',
    ...(cookie.maxAge === undefined ? [] : [`Max-Age=${cookie.maxAge}`]),
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(attributes.secure ? ['Secure'] : []),
    'HttpOnly',
    'SameSite=Strict',
  ].join('; ')
}
