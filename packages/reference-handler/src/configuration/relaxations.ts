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
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-oauth-browser-based-apps OAuth 2.0 for Browser-Based Applications, "Cookie Security"}
 */
export function findRelaxations({
  authorizationServer: { assumesS256 },
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
  if (!prefix.startsWith('__Host-')) {
    relaxations.push({
      setting: 'cookies.prefix',
      loses: 'other hosts of the site can plant cookies of this name; __Host- forbids it',
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
