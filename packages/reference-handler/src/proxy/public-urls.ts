// From the URLs that an upstream gives itself to the ones that pages can reach.
import { containsPath } from '../configuration/urls.ts'
import type { UpstreamServer } from './decision.ts'
import { readUpstream } from './routes.ts'
import type { Route } from './routes.ts'

/** What of a decision says who the upstream takes itself for. */
export interface UpstreamView extends Pick<UpstreamServer, 'origin'> {
  /** The path of the route. */
  readonly prefix: string
  /** The `Host` that the upstream was sent in place of its own. */
  readonly host?: string | undefined
}

/** Rewrites a URL of an upstream; any other stays as it is. */
export type PublicUrl = (view: UpstreamView, url: string) => string

const ABSOLUTE = /^(?:[a-z][a-z\d+.-]*:|[\\/]{2})/i

/**
 * Creates the function that finds the public URL of what an upstream calls by its own: a path of its own, or an
 * absolute URL of its origin, becomes the path of the route that leads there. Without such a route at least
 * the origin goes, which names a host of the inside. Relative references, which hold on both sides, stay,
 * and so does a path below the route, as upstreams write that heed `X-Forwarded-Prefix`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3986#section-4.2 RFC 3986 section 4.2}
 */
export function createPublicUrl(routes: readonly Route[]): PublicUrl {
  const places = routes
    .map((route) => ({ prefix: route.path, ...readUpstream(route) }))
    .sort((a, b) => b.basePath.length - a.basePath.length)

  function publicPath({ origin, prefix }: UpstreamView, path: string): string {
    const candidates = places.filter(
      (place) => place.origin === origin && containsPath(place.basePath, path),
    )
    const longest = candidates.filter(
      ({ basePath }) => basePath.length === candidates[0]?.basePath.length,
    )
    const place = longest.find((candidate) => candidate.prefix === prefix) ?? longest[0]
    if (place === undefined || (place.basePath === '' && containsPath(prefix, path))) return path
    return place.prefix + path.slice(place.basePath.length)
  }

  return (view, url) => {
    if (url.startsWith('/') && !ABSOLUTE.test(url)) {
      const end = url.search(/[?#]/)
      const path = end < 0 ? url : url.slice(0, end)
      return publicPath(view, path) + url.slice(path.length)
    }
    if (!ABSOLUTE.test(url)) return url
    const parsed = URL.parse(url, view.origin)
    if (parsed === null || !isOwn(parsed, view)) return url
    // Never `//`, which would begin with another host.
    const path = parsed.pathname.replace(/^\/+/, '/')
    return publicPath(view, path) + parsed.search + parsed.hash
  }
}

function isOwn({ host, origin, protocol }: URL, view: UpstreamView): boolean {
  if (!/^https?:$/.test(protocol)) return false
  return origin === view.origin || (view.host !== undefined && host === hostOf(view.host))
}

/** As URLs write it. */
const hostOf = (host: string): string | undefined => URL.parse(`http://${host}`)?.host

/** `<url>; rel=next, <url>`: the targets of a `Link` header (RFC 8288 section 3). */
const LINK_TARGET = /<([^<>]*)>/g

/** `5; url=/a`, also in quotes. */
const REFRESH_TARGET = /^(\s*\d+\s*[;,]\s*url\s*=\s*["']?)([^"']*)/i

/** Rewrites the URLs in the value of a header that holds some. */
export function rewriteUrls(
  name: 'location' | 'content-location' | 'link' | 'refresh',
  value: string,
  rewrite: (url: string) => string,
): string {
  switch (name) {
    case 'link':
      return value.replace(LINK_TARGET, (_match, url: string) => `<${rewrite(url)}>`)
    case 'refresh':
      return value.replace(
        REFRESH_TARGET,
        (_match, start: string, url: string) => start + rewrite(url),
      )
    case 'location':
    case 'content-location':
      return rewrite(value)
  }
}
