// Which headers of a request pass the proxy to the upstream.
import { normalizeName, readConnectionOptions, withoutNames } from './header-lines.ts'
import type { HeaderLines } from './header-lines.ts'
import { remember } from './remember.ts'
import { isForwarded } from './removed-headers.ts'

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

/** Finds what becomes of a header, by its name in any case. */
const findRequestRule = remember((name) => {
  const normalized = normalizeName(name)
  return { normalized, passes: isForwarded(normalized) }
})

/** What a `Connection` line takes away: nearly always nothing, because `keep-alive` does not pass anyway. */
const findOptions = remember((line) => readConnectionOptions(line).filter(isForwarded))

/** @see {@link https://www.w3.org/TR/trace-context/ Trace Context}, and Baggage */
const traceHeaders: ReadonlySet<string> = new Set(['baggage', 'traceparent', 'tracestate'])

/**
 * The headers of the request to the upstream: the client's without those it may not send, then the
 * proxy's own. The client's `Connection` header acts on the client's headers only, so it cannot
 * remove one of ours.
 */
export function requestHeaders(lines: HeaderLines, own: OwnHeaders): string[] {
  const passed: string[] = []
  let options: string[] | undefined
  for (let index = 0; index < lines.length; index += 2) {
    const name = lines[index] ?? ''
    const value = lines[index + 1] ?? ''
    const { normalized, passes } = findRequestRule(name)
    if (normalized === 'connection') {
      const named = findOptions(value)
      if (named.length > 0) options = [...(options ?? []), ...named]
    }
    if (!passes || (own.dropsTrace && traceHeaders.has(normalized))) continue
    passed.push(name, value)
  }
  const headers = options === undefined ? passed : withoutNames(passed, options)
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
