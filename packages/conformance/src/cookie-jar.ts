// The cookie jar of one browser: which cookies it keeps, and which go along with a request.
import { domainMatches, readSetCookie } from './set-cookie.ts'
import type { Cookie, RefusedCookie } from './set-cookie.ts'
import { isTrustworthy } from './site.ts'
import type { SiteRelation } from './site.ts'

/** The cookies of one browser. */
export interface CookieJar {
  /** Applies the `Set-Cookie` headers of a response. */
  readonly store: (setCookies: readonly string[], url: URL, relation: SiteRelation) => void
  /** The `Cookie` header of a request, empty when no cookie goes along. */
  readonly header: (url: URL, relation: SiteRelation) => string
  /** `document.cookie` on a page at this URL. */
  readonly scriptVisible: (url: URL) => string
  readonly cookies: () => readonly Cookie[]
  /** What was refused so far, and why. */
  readonly refused: () => readonly RefusedCookie[]
}

const isSameCookie = (a: Cookie, b: Cookie): boolean =>
  a.name === b.name && a.domain === b.domain && a.path === b.path && a.hostOnly === b.hostOnly

const pathMatches = (path: string, cookiePath: string): boolean =>
  path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)

const belongsTo = (cookie: Cookie, url: URL): boolean =>
  (cookie.hostOnly ? url.hostname === cookie.domain : domainMatches(url.hostname, cookie.domain)) &&
  pathMatches(url.pathname, cookie.path) &&
  (!cookie.secure || isTrustworthy(url))

const serialize = (cookies: readonly Cookie[]): string =>
  cookies.map(({ name, value }) => `${name}=${value}`).join('; ')

/**
 * Creates an empty jar.
 *
 * @param now - the clock, in milliseconds since the epoch
 */
export function createCookieJar(now: () => number): CookieJar {
  let kept: readonly Cookie[] = []
  let refused: readonly RefusedCookie[] = []

  const alive = (): readonly Cookie[] =>
    kept.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now())

  return {
    store: (setCookies, url, relation) => {
      for (const header of setCookies) {
        const read = readSetCookie(header, url, relation, now())
        if ('reason' in read) refused = [...refused, read]
        else kept = [...alive().filter((other) => !isSameCookie(other, read)), read]
      }
    },
    header: (url, relation) =>
      serialize(
        alive().filter(
          (cookie) =>
            belongsTo(cookie, url) && (cookie.sameSite === 'none' || relation !== 'cross-site'),
        ),
      ),
    scriptVisible: (url) =>
      serialize(alive().filter((cookie) => belongsTo(cookie, url) && !cookie.httpOnly)),
    cookies: alive,
    refused: () => refused,
  }
}
