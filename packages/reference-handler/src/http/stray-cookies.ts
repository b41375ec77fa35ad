// Cookies of our names that an earlier configuration left in browsers, for another domain than today's.
import { expiredCookie } from './cookies.ts'
import type { SetCookie } from './cookies.ts'

/** What decides where cookies may have been left. */
export interface CookiePlace {
  /** The prefix of their names. */
  readonly prefix: string
  /** The domain that they have today; without one, they are of one host alone. */
  readonly domain?: string | undefined
  /** The `Host` of the request. */
  readonly host: string
  /** Whether the request shows that the browser does not enforce the prefix; default: it does. */
  readonly isPrefixIgnored?: boolean
}

/**
 * The removals of cookies whose names are about to be set or removed, for every other domain that they could have:
 * none, that of the host, and those above it. A browser keeps them side by side, and sends both. A prefix that
 * begins with `__Host-` rules a domain out, so that there is nothing to remove; but not every browser enforces it,
 * and in the others any host of the site can plant such a cookie.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-5.3 RFC 6265 section 5.3}
 */
export function removeStrayCookies(
  names: readonly string[],
  { prefix, domain, host, isPrefixIgnored = false }: CookiePlace,
): SetCookie[] {
  if (prefix.toLowerCase().startsWith('__host-') && !isPrefixIgnored) return []
  const today = domain?.toLowerCase()
  const others = [undefined, ...domainsOf(host)].filter((other) => other !== today)
  return names.flatMap((name) => others.map((other) => ({ ...expiredCookie(name), domain: other })))
}

/** The name of a host and of those above it, but for a single label, for which browsers keep no cookie. */
function domainsOf(host: string): readonly string[] {
  const hostname = host.toLowerCase().replace(/:\d*$/, '')
  if (!/^[a-z\d-]+(?:\.[a-z\d-]+)+$/.test(hostname) || /^[\d.]+$/.test(hostname)) return []
  const labels = hostname.split('.')
  return labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'))
}
