// The handler of the local stack: the real one, listening, and watched.
import type { FastifyBaseLogger } from 'fastify'
import type { Configuration } from '@token-handler/reference-handler'
import { createServer } from '@token-handler/reference-handler/fastify'
import { watchHandler } from './handler-watch.ts'
import type { HandlerWatch } from './handler-watch.ts'
import { takePort } from '@token-handler/reference-handler/fastify'
import { portOf } from './listening.ts'

/** How the handler starts. */
export interface HandlerOptions {
  readonly configuration: Configuration
  readonly logger: FastifyBaseLogger
  /** Called with the value of every cookie that is set. */
  readonly onSecret: (value: string) => void
}

/** A running handler. */
export interface Handler extends HandlerWatch {
  /** Without a trailing slash. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Starts the handler.
 *
 * @throws `PortTakenError` when another program has the port
 */
export async function startHandler(options: HandlerOptions): Promise<Handler> {
  const { configuration, logger } = options
  const { host, port } = configuration.server
  const server = createServer(configuration, { logger })
  const watch = watchHandler(server, configuration.agentPath, options.onSecret)
  await takePort({ port, service: 'the handler', option: 'the option ports.handler' }, () =>
    server.listen({ host, port }),
  )
  return {
    ...watch,
    url: `http://api.app.localhost:${portOf(server.server)}`,
    close: () => server.close(),
  }
}
