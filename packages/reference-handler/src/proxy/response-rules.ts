// What becomes of each response header of an API: docs/proxy.md has this table, with the reasons.
import { hopByHop, normalizeName } from './header-lines.ts'
import { remember } from './remember.ts'

/**
 * - `drop`: does not reach the client.
 * - `targeted-caching`: directives like those of `Cache-Control`, for the caches of one network.
 * - `forbidding`: passes where it only forbids a cache to store, because it cannot say `private`.
 * - the others are names of headers that are looked at one by one.
 */
export type ResponseRule =
  | 'drop'
  | 'cache-control'
  | 'targeted-caching'
  | 'forbidding'
  | 'vary'
  | 'set-cookie'
  | 'content-type'
  | 'x-accel-buffering'
  | 'access-control-expose-headers'
  | 'location'
  | 'content-location'
  | 'link'
  | 'refresh'

/** Names that never reach a client, in lower case. */
export const droppedNames: readonly string[] = [
  ...hopByHop,
  'authorization',
  // Between the API and the key of the handler.
  'dpop-nonce',
  // They speak for the host, which is the handler's and the app's as much as the API's.
  'activate-storage-access',
  'alt-svc',
  'nel',
  'public-key-pins',
  'public-key-pins-report-only',
  'report-to',
  'sec-session-challenge',
  'sec-session-registration',
  'secure-session-challenge',
  'secure-session-registration',
  'service-worker-allowed',
  'set-login',
  'strict-transport-security',
  // They make a gateway in front send something else; it trusts the handler, not the API.
  'x-litespeed-location',
  'x-lighttpd-send-file',
  'x-lighttpd-send-tempfile',
  'x-lighttpd-send2-file',
  'x-reproxy-file',
  'x-reproxy-url',
  'x-sendfile',
  'x-sendfile2',
]

const rules: ReadonlyMap<string, ResponseRule> = new Map<string, ResponseRule>([
  ...droppedNames.map((name) => [name, 'drop'] as const),
  ['cache-control', 'cache-control'],
  ['surrogate-control', 'forbidding'],
  ['edge-control', 'forbidding'],
  ['x-accel-expires', 'forbidding'],
  ['vary', 'vary'],
  ['set-cookie', 'set-cookie'],
  ['content-type', 'content-type'],
  ['x-accel-buffering', 'x-accel-buffering'],
  ['access-control-expose-headers', 'access-control-expose-headers'],
  ['location', 'location'],
  ['content-location', 'content-location'],
  ['link', 'link'],
  ['refresh', 'refresh'],
])

/** A header as it is looked at. */
export interface KnownHeader {
  /** As `normalizeName` makes it. */
  readonly normalized: string
  /** Without a rule it passes. */
  readonly rule: ResponseRule | undefined
}

/** Finds the rule of a header, by its name in any case. */
export const findResponseRule: (name: string) => KnownHeader = remember((name) => {
  const normalized = normalizeName(name)
  return { normalized, rule: rules.get(normalized) ?? findFamilyRule(normalized) }
})

function findFamilyRule(name: string): ResponseRule | undefined {
  // RFC 9213 section 2.1: `CDN-Cache-Control`, and what names one content network before it.
  if (name.endsWith('-cache-control')) return 'targeted-caching'
  return /^(?:access-control|proxy|x-accel)-/.test(name) ? 'drop' : undefined
}
