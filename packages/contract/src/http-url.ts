// Which URLs a browser may be sent to, and what an origin is.

// Spelled out in full: the parser also takes `https:host`, backslashes, and strips blanks and controls.
const HTTP_URL = /^https?:\/\/[^\s\p{Cc}\\/][^\s\p{Cc}\\]*$/iu

/**
 * Whether a value is an absolute http(s) URL, written without any of the liberties that URL parsers
 * allow. `javascript:` and `data:` are URLs too, and navigating to one of those runs it inside the page.
 *
 * @example
 * import { isHttpUrl } from '@token-handler/contract'
 *
 * console.log(isHttpUrl('https://login.example.com/authorize'), isHttpUrl('mailto:a@example.com')) // true false
 */
export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && HTTP_URL.test(value) && URL.canParse(value)
}

/**
 * Whether a value is a serialised http(s) origin, character by character as browsers send it. URL parsers take
 * `https://*.example.com` for one, but no page has it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6454#section-6.2 RFC 6454 section 6.2}
 *
 * @example
 * import { isOrigin } from '@token-handler/contract'
 *
 * console.log(isOrigin('https://www.example.com'), isOrigin('https://www.example.com/')) // true false
 */
export function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value && /^https?:\/\/[^*]+$/.test(value)
}
