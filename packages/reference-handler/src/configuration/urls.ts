// Predicates on URLs that the configuration rests on.

/** Whether a host name is this machine by definition (RFC 6761 section 6.3, RFC 5735 section 3). */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

/** Whether a string is a serialised http(s) origin, exactly as browsers send it. */
export function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value)
}
