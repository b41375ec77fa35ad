// Origins and sites, as browsers compare them.

const isIpAddress = (host: string): boolean => /^\[|^\d+(\.\d+){3}$/.test(host)

/** The registrable domain of a host. Without a public suffix list: its last two labels. */
function registrableDomain(host: string): string {
  return isIpAddress(host) ? host : host.split('.').slice(-2).join('.')
}

/** How a request relates to the page that sends it; the value of `Sec-Fetch-Site`. */
export type SiteRelation = 'same-origin' | 'same-site' | 'cross-site'

/**
 * Relates two origins. Sites have schemes: http and https of one domain are two sites.
 *
 * @see {@link https://html.spec.whatwg.org/multipage/browsers.html#same-site HTML, same site}
 */
export function relate(from: URL, to: URL): SiteRelation {
  if (from.origin === to.origin) return 'same-origin'
  const sameScheme = from.protocol === to.protocol
  const sameDomain = registrableDomain(from.hostname) === registrableDomain(to.hostname)
  return sameScheme && sameDomain ? 'same-site' : 'cross-site'
}

/**
 * Whether Secure cookies travel to a URL: https, and loopback hosts over http.
 *
 * @see {@link https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy Secure Contexts section 3.1}
 */
export function isTrustworthy(url: URL): boolean {
  return (
    url.protocol === 'https:' ||
    /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  )
}
