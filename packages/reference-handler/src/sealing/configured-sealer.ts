// The sealer that agent and proxy of one configuration share.
import type { Configuration } from '../configuration/schema.ts'
import { perConfiguration } from '../per-configuration.ts'
import type { Ports } from '../ports.ts'
import { createSealer } from './jwe-sealer.ts'
import type { Sealer } from './sealer.ts'

/** What a host can bring along for sealing. */
export type SealingPorts = Pick<Ports, 'cookieSecrets' | 'createSealer'>

/**
 * The sealer of a deployment, one for each configuration and ports. Its tenant is the client at its issuer: cookies
 * of another client, or of the same client at another authorization server, do not open.
 */
export const sealerOf = perConfiguration<SealingPorts, Sealer>((configuration, ports) => {
  return (ports.createSealer ?? createSealer)({
    secrets: secretsOf(configuration, ports),
    tenant: tenantOf(configuration),
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
