// Cookies that an API sets for itself, and gets back where its route says so.

/**
 * The cookies of a request that may go to an upstream, as the value of its `Cookie` header.
 *
 * @param names - compared character by character; none of them ours
 */
export function cookiesForUpstream(
  header: string | undefined,
  names: readonly string[],
): string | undefined {
  if (header === undefined || names.length === 0) return undefined
  const pairs = header.split(';').map((pair) => pair.trim())
  const allowed = pairs.filter(
    // Without an equals sign it is a value that has no name.
    (pair) => pair.includes('=') && names.includes(pair.slice(0, pair.indexOf('='))),
  )
  return allowed.length === 0 ? undefined : allowed.join('; ')
}

/**
 * A cookie of an upstream as the browser has to keep it to send it back: for the path of the route, and for
 * this host alone.
 *
 * @param names - of the cookies that may come back; others stay as they are
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2 RFC 6265 section 4.1.2}
 */
export function placeCookie(
  setCookie: string,
  names: readonly string[],
  publicPath: (path: string) => string,
): string {
  const [pair = '', ...attributes] = setCookie.split(';')
  if (!names.includes(pair.slice(0, Math.max(0, pair.indexOf('='))).trim())) return setCookie
  const placed = attributes.flatMap((attribute) => {
    const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim())
    if (name.toLowerCase() === 'domain') return []
    if (name.toLowerCase() !== 'path' || !value.startsWith('/') || value === '/') return [attribute]
    return [` Path=${publicPath(value)}`]
  })
  return [pair, ...placed].join(';')
}
