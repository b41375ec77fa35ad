// Removing cookies of our names that another host has planted, where a browser lets it.
import type { SetCookie } from '../http/cookies.ts'
import type { Configuration } from '../configuration/schema.ts'

/** More labels than hosts of applications have: an answer has at most this many `Domain` values per host. */
const MAX_LABELS = 6

/** The host names of a header or origin, without port; `undefined` of an address, which has no parents. */
function hostnameOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  return /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z][a-z\d-]*$/.test(hostname) ? hostname : undefined
}

/** The host and its parents, without the last label, for which no browser takes a cookie. */
function domainsAbove(hostname: string): string[] {
  const labels = hostname.split('.').slice(-MAX_LABELS)
  return labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'))
}

/**
 * The values of `Domain` with which another host of the site can have planted a cookie that comes to the
 * agent. How many labels a site's name has, only browsers know: they drop what is none.
 *
 * @param host - the `Host` of the request
 */
export function plantableDomains(
  { trustedOrigins }: Configuration,
  host: string | null,
): readonly string[] {
  const urls = [`https://${host ?? ''}/`, ...trustedOrigins]
  const hostnames = urls.map(hostnameOf).filter((hostname) => hostname !== undefined)
  return [...new Set(hostnames.flatMap(domainsAbove))]
}

/**
 * Removals of cookies that have our names but not our attributes. A browser that enforces the prefix of a
 * name has no such cookies, and refuses to remove them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-8.6 RFC 6265 section 8.6, weak integrity}
 */
export function removePlanted(
  { cookies }: Configuration,
  names: readonly string[],
  domains: readonly string[],
): SetCookie[] {
  const own = cookies.domain?.toLowerCase()
  const others = [undefined, ...domains].filter((domain) => domain !== own)
  return names.flatMap((name) => others.map((domain) => ({ name, value: '', maxAge: 0, domain })))
}
