// `token-handler serve`: from configuration to a listening server, until a signal ends it.
import { loadConfiguration } from '../configuration/load.ts'
import type { Environment } from '../configuration/environment.ts'
import { createServer } from '../hosts/fastify/create-server.ts'

/** What the command line says about `serve`. */
export interface ServeOptions {
  /** Path of the configuration file. */
  readonly file?: string | undefined
  readonly port?: string | undefined
  readonly environment: Environment
}

/** Another program listens on the port. The message says which one, and what to change. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError'

  constructor(host: string, port: number, cause: unknown) {
    super(
      `Port ${port} of ${host} is taken by another program. Stop that program, or choose another port with --port or TOKEN_HANDLER_PORT.`,
      { cause },
    )
  }
}

const isPortTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

/**
 * Starts the server. SIGINT and SIGTERM end it in an orderly way; a second signal ends it at once.
 *
 * @returns when the server listens
 * @throws {ConfigurationError} when the configuration is wrong
 * @throws {PortTakenError} when another program has the port
 */
export async function serve({ file, port, environment }: ServeOptions): Promise<void> {
  const settings =
    port === undefined ? [] : [{ path: ['server', 'port'] as const, value: Number(port) }]
  const configuration = loadConfiguration({ file, environment, settings })
  const server = createServer(configuration)
  const address = { host: configuration.server.host, port: configuration.server.port }
  try {
    await server.listen(address)
  } catch (error) {
    await server.close()
    throw isPortTaken(error) ? new PortTakenError(address.host, address.port, error) : error
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.log.info({ signal }, 'closing')
      void server.close()
    })
  }
}
