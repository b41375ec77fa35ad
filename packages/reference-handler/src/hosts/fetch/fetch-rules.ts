// What a configuration may not ask of a host that has nothing but Fetch.
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Mistake } from '../../configuration/configuration-error.ts'
import { nameSetting } from '../../configuration/describe-mistakes.ts'
import { variables } from '../../configuration/environment-variables.ts'
import type { Variable } from '../../configuration/environment-variables.ts'
import type { Configuration } from '../../configuration/schema.ts'
import type { Ports } from '../../ports.ts'

export const NEEDS_CERTIFICATE =
  'needs a client certificate, which fetch shows to nobody; choose private_key_jwt, or serve with token-handler serve'

/**
 * Checks that a configuration asks for nothing that this host would silently leave undone.
 *
 * @param opensWebSockets - whether this host can
 * @param known - the environment variables that mistakes are named by as well
 * @throws {ConfigurationError} with all that it asks for in vain
 */
export function requireWhatFetchCan(
  configuration: Configuration,
  ports: Pick<Ports, 'store'>,
  opensWebSockets: boolean,
  known: readonly Variable[] = variables,
): void {
  const mistakes: Mistake[] = []
  const add = (path: readonly PropertyKey[], message: string) => {
    mistakes.push({ setting: nameSetting(path, known), message })
  }
  const { authorizationServer, client, redis, routes, server } = configuration
  if (client.authentication.endsWith('tls_client_auth')) {
    add(['client', 'authentication'], NEEDS_CERTIFICATE)
  }
  for (const name of ['caFile', 'certificateFile', 'keyFile'] as const) {
    if (authorizationServer[name] === undefined) continue
    const message =
      'cannot be had: fetch has certificates of its own; remove it, or serve with token-handler serve'
    add(['authorizationServer', name], message)
  }
  for (const [index, { preserveHost, tls, webSocket }] of routes.entries()) {
    if (tls) {
      const message =
        'cannot be had: fetch has certificates of its own; remove it, or serve with token-handler serve'
      add(['routes', index, 'tls'], message)
    }
    if (preserveHost) {
      const message =
        'cannot be had: fetch sends the host of the URL; remove it, and read X-Forwarded-Host at the upstream'
      add(['routes', index, 'preserveHost'], message)
    }
    if (webSocket && !opensWebSockets) {
      const message = 'cannot be had: this host opens no WebSockets; remove it'
      add(['routes', index, 'webSocket'], message)
    }
  }
  if (server.trustedProxies.length > 0) {
    const message =
      'cannot be had: the runtime says who the client is; remove it, and hand over the address'
    add(['server', 'trustedProxies'], message)
  }
  if (redis.url !== undefined && ports.store === undefined) {
    const message =
      'names a store that this host was not given; remove it, or hand the store over as ports.store'
    add(['redis', 'url'], message)
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
}
