// What a configuration gives up of the defaults' safety, for the log at start-up.
import type { Configuration } from './schema.ts'

/** A setting that is weaker than its default. */
export interface Relaxation {
  readonly setting: string
  /** What is lost. */
  readonly loses: string
}

/**
 * Lists the settings of a valid configuration that are weaker than their defaults.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc10017#section-6.1.3.2 RFC 10017 section 6.1.3.2}
 */
export function findRelaxations({
  authorizationServer: { assumesS256, plainHttpHosts },
  client: { idTokenHint },
  cookies: { prefix, domain, secure },
  exposeErrorDetails,
}: Configuration): readonly Relaxation[] {
  const relaxations: Relaxation[] = []
  if (!secure) {
    relaxations.push({
      setting: 'cookies.secure',
      loses: 'cookies travel over plain http too, where anyone on the network can take them',
    })
  }
  if (domain !== undefined) {
    relaxations.push({
      setting: 'cookies.domain',
      loses: `every host below ${domain} receives the cookies and can overwrite them`,
    })
  }
  const loses = findPrefixLoss(prefix)
  if (loses !== undefined) relaxations.push({ setting: 'cookies.prefix', loses })
  if (plainHttpHosts.length > 0) {
    relaxations.push({
      setting: 'authorizationServer.plainHttpHosts',
      loses: `tokens and the client’s credentials travel to ${plainHttpHosts.join(', ')} over plain http, where anyone on the network between can read and change them`,
    })
  }
  if (assumesS256) {
    relaxations.push({
      setting: 'authorizationServer.assumesS256',
      loses: 'an authorization server that ignores PKCE goes unnoticed',
    })
  }
  if (idTokenHint) {
    relaxations.push({
      setting: 'client.idTokenHint',
      loses: 'the ID token passes through the page at sign-out, and the session cookie grows by it',
    })
  }
  if (exposeErrorDetails) {
    relaxations.push({
      setting: 'exposeErrorDetails',
      loses: 'error answers tell the page, and whoever runs in it, what went wrong inside',
    })
  }
  return relaxations
}

/**
 * What browsers do not enforce for cookies of a prefix. They do not mind its case. What follows it is ours, and
 * begins with a hyphen.
 *
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-layered-cookies Cookies: HTTP State Management Mechanism, "Cookie Name Prefixes"}
 */
function findPrefixLoss(prefix: string): string | undefined {
  const start = `${prefix}-`.toLowerCase()
  if (start.startsWith('__host-http-')) return undefined
  const scripts = 'scripts of a page on the handler’s own host can set a cookie of this name'
  const hosts = 'other hosts of the site can plant cookies of this name'
  if (start.startsWith('__host-')) return `${scripts}; __Host-Http- forbids it`
  if (start.startsWith('__http-')) return `${hosts}; __Host-Http- forbids it`
  return `${hosts}, and ${scripts}; __Host-Http- forbids both`
}
