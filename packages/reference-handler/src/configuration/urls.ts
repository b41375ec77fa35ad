// Predicates on URLs and paths that the configuration rests on.

/** Whether a host name is this machine by definition (RFC 6761 section 6.3, RFC 5735 section 3). */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

/** Whether a URL is https, or http on a loopback name, where no network is between. */
export function isConfidential(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isLoopbackHost(hostname)
}

/**
 * Whether the handler may call a URL of the authorization server.
 *
 * @param plainHttpHosts - those that may be called over plain http, see the configuration
 */
export function isCallable(url: string, plainHttpHosts: readonly string[]): boolean {
  return isConfidential(url) || plainHttpHosts.includes(new URL(url).host)
}

/** Whether a path is another one or lies below it; `/api` contains `/api/orders`, not `/apis`. */
export function containsPath(parent: string, path: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}
