// Reading a Set-Cookie header as a strict browser does: into a cookie, or into the reason for refusing it.
import { isTrustworthy } from './site.ts'
import type { SiteRelation } from './site.ts'

/** A cookie with its attributes. */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** The host it belongs to. */
  readonly domain: string
  /** No Domain attribute: it goes to exactly that host. */
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: 'strict' | 'lax' | 'none'
  /** Milliseconds since the epoch; absent for a cookie that ends with the browser. */
  readonly expiresAt?: number
}

/** A cookie the browser did not take. */
export interface RefusedCookie {
  readonly name: string
  readonly reason: string
}

function splitPair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? ['', text.trim()] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function defaultPath({ pathname }: URL): string {
  const lastSlash = pathname.lastIndexOf('/')
  return lastSlash <= 0 ? '/' : pathname.slice(0, lastSlash)
}

function readExpiry(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return now + Number(maxAge) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? undefined : expires
}

function readSameSite(value: string | undefined): Cookie['sameSite'] {
  const lower = value?.toLowerCase()
  return lower === 'strict' || lower === 'none' ? lower : 'lax'
}

/** Whether a host is a domain or below it. */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

const isHostPrefixed = (name: string): boolean => /^__host-/i.test(name)
const isHttpPrefixed = (name: string): boolean => /^__(host-)?http-/i.test(name)
const isSecurePrefixed = (name: string): boolean => /^__(secure|host|http)-/i.test(name)

function reasonToRefuse(cookie: Cookie, url: URL, relation: SiteRelation): string | undefined {
  const { name, value, domain, hostOnly, path, secure, httpOnly, sameSite } = cookie
  if (name === '') return 'it has no name'
  if (name.length + value.length > 4096) return 'name and value have more than 4096 bytes'
  if (!hostOnly && !(domain.includes('.') && domainMatches(url.hostname, domain))) {
    return `its Domain ${domain} does not cover ${url.hostname}`
  }
  if (secure && !isTrustworthy(url)) return 'it is Secure and comes over plain http'
  if (sameSite !== 'none' && relation === 'cross-site') return 'it is SameSite and comes cross-site'
  if (sameSite === 'none' && !secure) return 'SameSite=None needs Secure'
  if (isSecurePrefixed(name) && !secure) return 'its name prefix needs Secure'
  if (isHttpPrefixed(name) && !httpOnly) return 'its name prefix needs HttpOnly'
  if (isHostPrefixed(name) && path !== '/') return 'its name prefix needs Path=/'
  if (isHostPrefixed(name) && !hostOnly) return 'its name prefix forbids Domain'
  return undefined
}

/**
 * Reads one `Set-Cookie` header.
 *
 * @param header - the header's value
 * @param url - where the response came from
 * @param relation - how that relates to the page which sent the request
 * @param now - milliseconds since the epoch
 * @see {@link https://www.ietf.org/archive/id/draft-ietf-httpbis-rfc6265bis-22.html#section-5.7 RFC 6265bis section 5.7}
 */
export function readSetCookie(
  header: string,
  url: URL,
  relation: SiteRelation,
  now: number,
): Cookie | RefusedCookie {
  const [pair = '', ...rest] = header.split(';')
  const [name, value] = splitPair(pair)
  // An attribute without "=" is all name; the last of its kind counts.
  const attributes = new Map(
    rest.map((text) => {
      const [key, content] = text.includes('=') ? splitPair(text) : [text.trim(), '']
      return [key.toLowerCase(), content] as const
    }),
  )
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? ''
  const path = attributes.get('path') ?? ''
  const expiresAt = readExpiry(attributes, now)
  const cookie: Cookie = {
    name,
    value,
    domain: domain === '' ? url.hostname : domain,
    hostOnly: domain === '',
    path: path.startsWith('/') ? path : defaultPath(url),
    secure: attributes.has('secure'),
    httpOnly: attributes.has('httponly'),
    sameSite: readSameSite(attributes.get('samesite')),
    ...(expiresAt !== undefined && { expiresAt }),
  }
  const reason = reasonToRefuse(cookie, url, relation)
  return reason === undefined ? cookie : { name, reason }
}
