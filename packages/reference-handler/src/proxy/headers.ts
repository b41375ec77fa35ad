// Which headers pass the proxy, in both directions.
import { VERSION_HEADER } from '@token-handler/contract'

/** Header lines in their order: name, in any case, and value. */
export type HeaderLines = readonly (readonly [name: string, value: string])[]

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
const hopByHop = [
  'connection',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

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
  // The addresses of clients, by the names that the field's proxies and content networks use.
  'cf-connecting-ip',
  'true-client-ip',
  'x-client-ip',
  'x-real-ip',
  // The certificates of clients, RFC 9440.
  'client-cert',
  'client-cert-chain',
  // Another method or path than the one that was authorised.
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
])

const isForwarded = (name: string) =>
  !notForwarded.has(name) && !name.startsWith('x-forwarded-') && !name.startsWith('proxy-')

/** Servers that hand headers on as CGI variables cannot tell `_` from `-`. */
const normalizeName = (name: string) => name.toLowerCase().replaceAll('_', '-')

/** Names that a message's `Connection` header lists as belonging to the connection. */
function findConnectionOptions(lines: HeaderLines): ReadonlySet<string> {
  return new Set(
    lines
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(','))
      .map((option) => normalizeName(option.trim())),
  )
}

/**
 * The headers of the request to the upstream: the client's without those it may not send, then the
 * proxy's own. The client's `Connection` header acts on the client's headers only, so it cannot
 * remove one of ours.
 */
export function requestHeaders(lines: HeaderLines, own: OwnHeaders): [string, string][] {
  const connectionOptions = findConnectionOptions(lines)
  const headers: [string, string][] = []
  for (const [name, value] of lines) {
    const normalized = normalizeName(name)
    if (isForwarded(normalized) && !connectionOptions.has(normalized)) headers.push([name, value])
  }
  headers.push(['authorization', `Bearer ${own.accessToken}`])
  headers.push(['x-forwarded-proto', own.connection.protocol])
  if (own.connection.address) headers.push(['x-forwarded-for', own.connection.address])
  if (own.host) headers.push(['x-forwarded-host', own.host])
  return headers
}

/**
 * The headers of the answer to the client: the upstream's without those of its connection, without
 * its CORS headers and without cookies that bear our names, then our CORS headers.
 *
 * @param cookiePrefix - of the names that only the agent may set
 */
export function responseHeaders(
  lines: HeaderLines,
  cookiePrefix: string,
  corsHeaders: Readonly<Record<string, string>>,
): [string, string][] {
  const connectionOptions = findConnectionOptions(lines)
  const headers: [string, string][] = []
  for (const [name, value] of lines) {
    const normalized = normalizeName(name)
    const isDropped =
      hopByHop.includes(normalized) ||
      connectionOptions.has(normalized) ||
      normalized.startsWith('proxy-') ||
      normalized.startsWith('access-control-') ||
      (normalized === 'set-cookie' && isOurCookie(value, cookiePrefix))
    if (!isDropped) headers.push([name, value])
  }
  return [...headers, ...Object.entries(corsHeaders)]
}

/** Browsers send a cookie without a name back as its bare value, which may look like one of ours. */
function isOurCookie(setCookie: string, prefix: string): boolean {
  const start = setCookie.replace(/^[\s=]+/, '').toLowerCase()
  return start.startsWith(`${prefix.toLowerCase()}-`)
}
