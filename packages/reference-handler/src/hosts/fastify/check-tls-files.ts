// A server whose upstreams need certificates that it cannot use does not start.
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { ConfigurationError } from '../../configuration/configuration-error.ts'
import type { TlsFiles } from '../../tls-files.ts'
import { readTlsFiles } from '../node/upstream-tls.ts'

/** The files of a route, and what they are called where they are configured. */
export interface ConfiguredTls {
  readonly tls?: TlsFiles | undefined
  readonly setting: string
}

const message =
  'names a file that cannot be read or is not PEM, or a certificate and a key that are no pair; correct the paths, the permissions or the files'

/** Has a server read the files of each route before it listens. */
export function requireTlsFiles(app: FastifyInstance, routes: readonly ConfiguredTls[]): void {
  app.addHook('onReady', async () => {
    const mistakes = routes
      .filter(({ tls }) => tls !== undefined && !isUsable(tls))
      .map(({ setting }) => ({ setting, message }))
    if (mistakes.length > 0) throw new ConfigurationError(mistakes)
  })
}

function isUsable(tls: TlsFiles): boolean {
  try {
    const material = readTlsFiles(tls)
    createSecureContext(material)
    // OpenSSL takes whatever it does not know for no authority at all.
    return material.ca === undefined || new X509Certificate(material.ca).subject !== ''
  } catch {
    return false
  }
}
