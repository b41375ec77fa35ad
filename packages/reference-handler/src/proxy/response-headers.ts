// Which headers of an API's answer pass the proxy to the client, and which it changes.
import { cookieName } from '@token-handler/contract'
import { readCacheControl } from './cache-control.ts'
import { readConnectionOptions, withoutNames } from './header-lines.ts'
import type { HeaderLines } from './header-lines.ts'
import { placeCookie } from './api-cookies.ts'
import { rewriteUrls } from './public-urls.ts'
import { remember } from './remember.ts'
import { findResponseRule } from './response-rules.ts'
import { varyLine } from './vary.ts'

/** Names response headers that a page of another origin may read. */
const EXPOSE_HEADERS = 'access-control-expose-headers'

const EVENT_STREAM = 'text/event-stream'

/** What of a route an answer depends on. */
export interface UpstreamPlace {
  /** From a URL as the upstream writes it to the one that pages can reach. */
  readonly publicUrl: (url: string) => string
  /** Names of the upstream's cookies that may come back to it. */
  readonly cookies: readonly string[]
}

const UNKNOWN_PLACE: UpstreamPlace = { publicUrl: (url) => url, cookies: [] }

/**
 * The headers of the answer to the client: the upstream's by the rules of `response-rules.ts`, then our
 * CORS headers. Which of its headers a trusted page may read is the API's affair: what it exposes is
 * exposed.
 *
 * The API answers a request with an access token, so no shared cache would store the answer unless
 * the API allowed it, and none would give it to the bearer of another token if it varied by
 * `Authorization`. Caches in front of the proxy see a cookie instead: `private` and `Vary: Cookie`
 * say it to them too, and to the cache of a browser that another user takes over.
 *
 * @param cookiePrefix - of the names that only the agent may set
 * @param place - where the upstream is, as pages see it
 * @see {@link https://www.rfc-editor.org/rfc/rfc9111#section-3.5 RFC 9111 section 3.5}
 */
export function responseHeaders(
  lines: HeaderLines,
  cookiePrefix: string,
  corsHeaders: Readonly<Record<string, string>>,
  place: UpstreamPlace = UNKNOWN_PLACE,
): string[] {
  const passed: string[] = []
  let options: string[] | undefined
  let cacheControl = ''
  let targeted: Map<string, string> | undefined
  let vary = ''
  let exposed = ''
  let isEventStream = false
  let isBufferingDecided = false

  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    let value = lines[index + 1] ?? ''
    const { normalized, rule } = findResponseRule(name)
    switch (rule) {
      case 'drop':
        if (normalized === 'connection') {
          const named = findOptions(value)
          if (named.length > 0) options = [...(options ?? []), ...named]
        }
        continue
      // For all recipients, so no `Connection` takes them away (RFC 9110 section 7.6.1).
      case 'cache-control':
        cacheControl = joinLines(cacheControl, value)
        continue
      case 'targeted-caching':
        targeted ??= new Map()
        targeted.set(normalized, joinLines(targeted.get(normalized) ?? '', value))
        continue
      case 'vary':
        vary = joinLines(vary, value)
        continue
      case EXPOSE_HEADERS:
        exposed += `, ${value}`
        continue
      case 'forbidding':
        if (!isForbidding(value)) continue
        break
      case 'set-cookie':
        if (isOurCookie(value, cookiePrefix)) continue
        if (place.cookies.length > 0) value = placeCookie(value, place.cookies, place.publicUrl)
        break
      case 'location':
      case 'content-location':
      case 'link':
      case 'refresh':
        value = rewriteUrls(rule, value, place.publicUrl)
        break
      case 'content-type':
        isEventStream = value.slice(0, EVENT_STREAM.length).toLowerCase() === EVENT_STREAM
        break
      case 'x-accel-buffering':
        isBufferingDecided = true
        break
      case undefined:
        break
    }
    passed.push(name, value)
  }
  const headers = options === undefined ? passed : withoutNames(passed, options)

  const { directives, isShared } = readCacheControl(cacheControl)
  headers.push('cache-control', directives)
  for (const [name, value] of targeted ?? []) {
    headers.push(name, readCacheControl(value).directives)
  }
  headers.push('vary', varyLine(vary, isShared))
  if (isEventStream && !isBufferingDecided) headers.push('x-accel-buffering', 'no')
  for (const name in corsHeaders) {
    const own = corsHeaders[name] ?? ''
    if (name !== 'vary') headers.push(name, name === EXPOSE_HEADERS ? own + exposed : own)
  }
  return headers
}

/** What a `Connection` line takes away: nearly always nothing, because `keep-alive` does not pass anyway. */
const findOptions = remember((line) =>
  readConnectionOptions(line).filter((name) => findResponseRule(name).rule !== 'drop'),
)

const joinLines = (first: string, second: string) => (first === '' ? second : `${first}, ${second}`)

/** Of `Surrogate-Control` and nginx's `X-Accel-Expires`, what only keeps a cache from storing. */
const isForbidding = (value: string) => {
  const directive = value.trim().toLowerCase()
  return directive === 'no-store' || directive === '0'
}

/**
 * Whether a `Set-Cookie` names a cookie of a prefix. Browsers send a cookie without a name back as its
 * bare value, which may look like one of ours.
 */
export function isOurCookie(setCookie: string, prefix: string): boolean {
  const start = setCookie.replace(/^[\s=]+/, '').toLowerCase()
  const bound = `${cookieName(prefix, 'bound')}=`.toLowerCase()
  return start.startsWith(`${prefix.toLowerCase()}-`) || start.startsWith(bound)
}
