// The authorization server, whose client is loaded with the first login, refresh or logout: the proxy and a look at the
// session do without it.
import type { Configuration } from '../configuration/schema.ts'
import type { AuthorizationServer } from '../oauth-client/authorization-server.ts'
import type { Ports } from '../ports.ts'

/** As `createAuthorizationServer`, which it loads. */
export function lazyAuthorizationServer(
  configuration: Configuration,
  ports: Ports,
  client?: Configuration['client'],
): AuthorizationServer {
  let created: AuthorizationServer | undefined
  async function load(): Promise<AuthorizationServer> {
    if (created !== undefined) return created
    const { createAuthorizationServer } = await import('../oauth-client/authorization-server.ts')
    created ??= createAuthorizationServer(configuration, ports, client)
    return created
  }
  return {
    startAuthorization: async (...input) => (await load()).startAuthorization(...input),
    endAuthorization: async (...input) => (await load()).endAuthorization(...input),
    refresh: async (...input) => (await load()).refresh(...input),
    revoke: async (...input) => (await load()).revoke(...input),
    endSessionUrl: async (...input) => (await load()).endSessionUrl(...input),
  }
}
