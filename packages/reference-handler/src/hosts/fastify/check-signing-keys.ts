// A server whose client has a private key that cannot sign does not start.
import type { FastifyInstance } from 'fastify'
import { canAuthenticate } from '../../oauth-client/client-authentication.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Configuration } from '../../configuration/schema.ts'

/** A client, and what its private key is called where it is configured. */
export interface ConfiguredClient {
  readonly client: Configuration['client']
  readonly setting: string
}

const message =
  'cannot sign what its own public members verify; take all members from one private key, whose kty, crv and size fit its alg'

/**
 * Has a server sign with the private key of each client before it listens. Importing a key takes a
 * promise, so that reading the configuration cannot do it.
 */
export function requireClientKeys(
  app: FastifyInstance,
  clients: readonly ConfiguredClient[],
): void {
  app.addHook('onReady', async () => {
    const checks = await Promise.all(clients.map(({ client }) => canAuthenticate(client)))
    const mistakes = clients
      .filter((_client, index) => !checks[index])
      .map(({ setting }) => ({ setting, message }))
    if (mistakes.length > 0) throw new ConfigurationError(mistakes)
  })
}
