// Where browsers keep the agent's cookies, which are all `Secure`.

/** Hosts that browsers trust without https. */
const isLocal = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1'

/**
 * Real cookies need https, or a local host.
 *
 * @throws {Error} when no browser would keep them
 */
export function refuseInsecureCookies(agentUrl: string): void {
  const { protocol, hostname } = new URL(agentUrl)
  if (protocol === 'https:' || isLocal(hostname)) return
  throw new Error(
    `cookies: 'real' needs an agentUrl with https, or on localhost, and not ${agentUrl}: all cookies of the agent are Secure, and browsers keep those of no other http host.`,
  )
}

/**
 * The URL to put a cookie into a browser with. Chromium takes `Secure` cookies for an https URL only, and sends
 * them to the same local host over http.
 */
export const cookieUrl = (agentUrl: string): string => agentUrl.replace(/^http:/, 'https:')
