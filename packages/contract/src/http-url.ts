// Which URLs a browser may be sent to.

/**
 * Whether a value is an absolute http(s) URL. `javascript:` and `data:` are URLs too, and navigating
 * to one of those runs it inside the page.
 */
export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^\s\\]+$/i.test(value) && URL.canParse(value)
}
