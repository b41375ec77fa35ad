// A server whose client has private keys that cannot sign, or a certificate that cannot be used, does not start.
import type { FastifyInstance } from 'fastify'
import { canAuthenticate, findUnusableDpopKeys } from '../../oauth-client/client-authentication.ts'
import { requireTlsFiles } from './check-tls-files.ts'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { Configuration } from '../../configuration/schema.ts'

/** A client, and what its settings are called where it is configured. */
export interface ConfiguredClient {
  readonly configuration: Pick<Configuration, 'authorizationServer' | 'client'>
  readonly nameOf: (path: readonly (string | number)[]) => string
}

const message =
  'cannot sign what its own public members verify; take all members from one private key, whose kty, crv and size fit its alg'

/**
 * Has a server sign with the private keys of each client before it listens, and read its certificate. Importing a
 * key takes a promise, so that reading the configuration cannot do it.
 */
export function requireClientKeys(
  app: FastifyInstance,
  clients: readonly ConfiguredClient[],
): void {
  app.addHook('onReady', async () => {
    const unusable = await Promise.all(clients.map(findUnusableKeys))
    const mistakes = unusable.flat().map((setting) => ({ setting, message }))
    if (mistakes.length > 0) throw new ConfigurationError(mistakes)
  })
  requireTlsFiles(
    app,
    clients.map(({ configuration: { authorizationServer }, nameOf }) => {
      const { caFile, certificateFile, keyFile } = authorizationServer
      const isCertificate = certificateFile !== undefined
      return {
        tls:
          isCertificate || caFile !== undefined ? { caFile, certificateFile, keyFile } : undefined,
        setting: nameOf(['authorizationServer', isCertificate ? 'certificateFile' : 'caFile']),
      }
    }),
  )
}

async function findUnusableKeys({
  configuration: { client },
  nameOf,
}: ConfiguredClient): Promise<readonly string[]> {
  const [canSign, unusable] = await Promise.all([
    canAuthenticate(client),
    findUnusableDpopKeys(client),
  ])
  return [
    ...(canSign ? [] : [nameOf(['client', 'privateKey'])]),
    ...unusable.map((index) => nameOf(['client', 'dpopKeys', index])),
  ]
}
