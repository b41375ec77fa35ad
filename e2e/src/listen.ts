// Starting and stopping the servers of these tests.
import type { Server } from 'node:http'

/** A server that listens. */
export interface Listening {
  readonly port: number
  /** Stops listening and cuts every connection. */
  readonly stop: () => Promise<void>
}

/**
 * Listens on 127.0.0.1.
 *
 * @param wish - default 0: any free port
 */
export async function listen(server: Server, wish = 0): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(wish, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
