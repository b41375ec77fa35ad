// The sealer that agent and proxy of one configuration share.
import type { Configuration } from '../configuration/schema.ts'
import { createSealer } from './jwe-sealer.ts'
import type { Sealer } from './sealer.ts'

/**
 * Creates the sealer of a deployment. Its tenant is the client at its issuer: cookies of another
 * client, or of the same client at another authorization server, do not open.
 */
export function createConfiguredSealer(configuration: Configuration): Sealer {
  const { authorizationServer, client, cookies } = configuration
  const tenant = JSON.stringify([authorizationServer.issuer, client.id])
  return createSealer({ secrets: cookies.secrets, tenant })
}
