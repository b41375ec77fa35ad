// Which headers of a request pass the proxy to the upstream.
import { VERSION_HEADER } from '@token-handler/contract'
import { findConnectionOptions, hopByHop, normalizeName } from './header-lines.ts'
import type { HeaderLines } from './header-lines.ts'

/** What the connection itself tells about the client; no header can change it. */
export interface ClientConnection {
  /** The client's IP address. */
  readonly address?: string | undefined
  readonly protocol: 'http' | 'https'
}

/** What the proxy says to the upstream in its own name. */
export interface OwnHeaders {
  /** Without a session there is none, on routes that do without. */
  readonly accessToken?: string | undefined
  /** Proves possession of the key that the access token is bound to; without it, the token is a bearer token. */
  readonly proof?: string | undefined
  readonly connection: ClientConnection
  /** The `Host` that the client asked for. */
  readonly host?: string | undefined
  /** Sends that `Host` in place of the upstream's own. */
  readonly preservesHost?: boolean
  /** The path of the route, which the upstream's own takes the place of. */
  readonly prefix?: string | undefined
  /** The cookies that may go to the upstream. */
  readonly cookie?: string | undefined
  /** Leaves the client's trace to whatever writes one of the handler's own. */
  readonly dropsTrace?: boolean
}

/** @see {@link https://www.w3.org/TR/trace-context/ Trace Context}, and Baggage */
const traceHeaders: ReadonlySet<string> = new Set(['baggage', 'traceparent', 'tracestate'])

/** What a client may not say to an upstream, because the proxy says it, has dealt with it or decided it. */
const notForwarded = new Set([
  ...hopByHop,
  'authorization',
  'cookie',
  'dpop',
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

/** Whether a client may send a header to an upstream; `name` as {@link normalizeName} makes it. */
export const isForwarded = (name: string): boolean =>
  !notForwarded.has(name) && !NOT_FORWARDED.test(name)

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
    if (!isForwarded(normalized) || connectionOptions.has(normalized)) continue
    if (own.dropsTrace && traceHeaders.has(normalized)) continue
    headers.push(name, value)
  }
  if (own.host && own.preservesHost) headers.push('host', own.host)
  if (own.accessToken !== undefined) {
    const scheme = own.proof === undefined ? 'Bearer' : 'DPoP'
    headers.push('authorization', `${scheme} ${own.accessToken}`)
  }
  if (own.proof !== undefined) headers.push('dpop', own.proof)
  if (own.cookie !== undefined) headers.push('cookie', own.cookie)
  headers.push('x-forwarded-proto', own.connection.protocol)
  if (own.connection.address) headers.push('x-forwarded-for', own.connection.address)
  if (own.host) headers.push('x-forwarded-host', own.host)
  if (own.prefix) headers.push('x-forwarded-prefix', own.prefix)
  return headers
}
