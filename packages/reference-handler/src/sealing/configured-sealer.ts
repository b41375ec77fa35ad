// The sealer that agent and proxy of one configuration share.
import type { Configuration } from '../configuration/schema.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import { leftOut } from '../left-out.ts'
import { createSealer } from './jwe-sealer.ts'
import { createStoredSealer } from './stored-sealer.ts'
import type { Sealer } from './sealer.ts'

/** What a host can bring along for sealing. */
export type SealingPorts = Pick<Ports, 'cookieSecrets' | 'createSealer'> &
  Partial<Pick<Ports, 'now' | 'store'>>

const storeSessions =
  typeof __TOKEN_HANDLER_STORE__ === 'undefined' || __TOKEN_HANDLER_STORE__
    ? createStoredSealer
    : leftOut

/**
 * The sealer of a deployment, one for each configuration and ports. Its tenant is the client at its issuer: cookies
 * of another client, or of the same client at another authorization server, do not open.
 */
export const sealerOf = perConfiguration<SealingPorts, Sealer>((configuration, ports) => {
  const inner = (ports.createSealer ?? createSealer)({
    secrets: secretsOf(configuration, ports),
    tenant: tenantOf(configuration),
  })
  const { idleTimeout, store } = configuration.session
  if (store !== 'redis' || ports.store === undefined || ports.now === undefined) return inner
  return storeSessions({
    inner,
    store: ports.store.sessions,
    now: ports.now,
    idleTimeout: idleTimeout * 1000,
  })
})

/** Whose cookies and entries these are. JSON, so that no two tenants give the same text. */
export const tenantOf = ({ authorizationServer, client }: Configuration): string =>
  JSON.stringify([authorizationServer.issuer, client.id])

/** The secrets of a deployment at any moment. */
export function secretsOf(
  configuration: Configuration,
  { cookieSecrets }: SealingPorts,
): () => readonly string[] {
  const { secrets } = configuration.cookies
  return cookieSecrets === undefined ? () => secrets : () => cookieSecrets(configuration)
}
