// Which headers pass the proxy, in both directions.
import { VERSION_HEADER } from '@token-handler/contract'

/** Header lines in their order: name, in any case, and value, in turn, as Node has them. */
export type HeaderLines = readonly string[]

/** What the connection itself tells about the client; no header can change it. */
export interface ClientConnection {
  /** The client's IP address. */
  readonly address?: string | undefined
  readonly protocol: 'http' | 'https'
}

/** What the proxy says to the upstream in its own name. */
export interface OwnHeaders {
  readonly accessToken: string
  readonly connection: ClientConnection
  /** The `Host` that the client asked for. */
  readonly host?: string | undefined
}

/**
 * They concern one connection, not the message.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 RFC 9110 section 7.6.1}
 */
const hopByHop = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What a client may not say to an upstream, because the proxy says it, has dealt with it or decided it. */
const notForwarded = new Set([
  ...hopByHop,
  'authorization',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'via',
  VERSION_HEADER,
  // Addresses and names of clients, as the field's proxies and content networks tell them to servers.
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'fastly-client-ip',
  'remote-user',
  'true-client-ip',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-real-ip',
  'x-remote-user',
  'x-webauth-user',
  // The certificates of clients, RFC 9440.
  'client-cert',
  'client-cert-chain',
  'x-arr-clientcert',
  'x-ssl-cert',
  // Another method, scheme, host or path than the one that was authorised.
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-rewrite-url',
  'x-scheme',
  'x-url-scheme',
])

/** Whole families of the same kinds, and of users that another proxy has signed in. */
const NOT_FORWARDED =
  /^(?:cf-access|proxy|ssl-client|x-(?:amzn-mtls|amzn-oidc|auth-request|client-cert|envoy|forwarded|goog-authenticated-user|goog-iap|ms-client-principal|original|ssl-client|tls-client))(?:-|$)/

const isForwarded = (name: string) => !notForwarded.has(name) && !NOT_FORWARDED.test(name)

/** Servers that hand headers on as CGI variables cannot tell `_` from `-`. */
function normalizeName(name: string): string {
  const lowerCase = name.toLowerCase()
  return lowerCase.includes('_') ? lowerCase.replaceAll('_', '-') : lowerCase
}

/** Names that a message's `Connection` header lists as belonging to the connection. */
function findConnectionOptions(lines: HeaderLines): ReadonlySet<string> {
  const options = new Set<string>()
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    if (name.length !== 'connection'.length || name.toLowerCase() !== 'connection') continue
    for (const option of lines[index + 1]?.split(',') ?? []) {
      options.add(normalizeName(option.trim()))
    }
  }
  return options
}

/**
 * The headers of the request to the upstream: the client's without those it may not send, then the
 * proxy's own. The client's `Connection` header acts on the client's headers only, so it cannot
 * remove one of ours.
 */
export function requestHeaders(lines: HeaderLines, own: OwnHeaders): string[] {
  const connectionOptions = findConnectionOptions(lines)
  const headers: string[] = []
  for (let index = 0; index < lines.length; index += 2) {
    const [name = '', value = ''] = [lines[index], lines[index + 1]]
    const normalized = normalizeName(name)
    if (isForwarded(normalized) && !connectionOptions.has(normalized)) headers.push(name, value)
  }
  headers.push('authorization', `Bearer ${own.accessToken}`)
  headers.push('x-forwarded-proto', own.connection.protocol)
  if (own.connection.address) headers.push('x-forwarded-for', own.connection.address)
  if (own.host) headers.push('x-forwarded-host', own.host)
  return headers
}

/** Names response headers that a page of another origin may read. */
const EXPOSE_HEADERS = 'access-control-expose-headers'

/** What lets a shared cache store an answer although its request carried an access token, or forbids it. */
const CACHE_DECISION =
  /(?:^|[\s,])(?:public|private|no-store|must-revalidate|s-maxage)(?:$|[\s,=])/i

/**
 * The headers of the answer to the client: the upstream's without those of its connection, without
 * its CORS headers and without cookies that bear our names, then our CORS headers. Which of its headers
 * a trusted page may read is the API's affair: what it exposes is exposed.
 *
 * The API answers a request that carried an access token, so no shared cache would store the answer
 * unless the API allowed it. Caches between browser and proxy see a cookie instead, which means
 * nothing to them: `Cache-Control: private` says it to them too.
 *
 * @param cookiePrefix - of the names that only the agent may set
 * @see {@link https://www.rfc-editor.org/rfc/rfc9111#section-3.5 RFC 9111 section 3.5}
 */
export function responseHeaders(
  lines: HeaderLines,
  cookiePrefix: string,
  corsHeaders: Readonly<Record<string, string>>,
): string[] {
  const connectionOptions = findConnectionOptions(lines)
  const headers: string[] = []
  let isCachingDecided = false
  let exposed = ''
  for (let index = 0; index < lines.length; index += 2) {
    const [name = '', value = ''] = [lines[index], lines[index + 1]]
    const normalized = normalizeName(name)
    if (normalized === EXPOSE_HEADERS) exposed += `, ${value}`
    const isDropped =
      hopByHop.has(normalized) ||
      connectionOptions.has(normalized) ||
      normalized === 'authorization' ||
      normalized.startsWith('proxy-') ||
      normalized.startsWith('access-control-') ||
      (normalized === 'set-cookie' && isOurCookie(value, cookiePrefix))
    if (isDropped) continue
    headers.push(name, value)
    if (normalized === 'cache-control') isCachingDecided ||= CACHE_DECISION.test(value)
  }
  if (!isCachingDecided) headers.push('cache-control', 'private')
  for (const name in corsHeaders) {
    const own = corsHeaders[name] ?? ''
    headers.push(name, name === EXPOSE_HEADERS ? own + exposed : own)
  }
  return headers
}

/**
 * Whether a `Set-Cookie` names a cookie of a prefix. Browsers send a cookie without a name back as its
 * bare value, which may look like one of ours.
 */
export function isOurCookie(setCookie: string, prefix: string): boolean {
  const start = setCookie.replace(/^[\s=]+/, '').toLowerCase()
  return start.startsWith(`${prefix.toLowerCase()}-`)
}
