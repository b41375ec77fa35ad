// Servers of this process: listening on a free port of 127.0.0.1, and stopping.
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Stops listening and cuts every connection. */
  readonly stop: () => Promise<void>
}

/**
 * Listens on 127.0.0.1.
 *
 * @param createHandler - gets the URL, because an authorization server has to know its own
 */
export async function listen(
  createHandler: (url: string) => RequestListener | Promise<RequestListener>,
): Promise<Listening> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', await createHandler(url))
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
