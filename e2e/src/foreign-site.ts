// Pages of origins that nobody trusts, served on this machine under names of the tests' choice.
import { createServer } from 'node:http'

/** A server whose pages are blank. */
export interface ForeignSite {
  /** The URL of a blank page on this host name, which has to end in `.localhost`. */
  readonly pageOn: (hostname: string) => string
  readonly stop: () => Promise<void>
}

/** Starts a server that answers every request, of whatever host name, with an empty page. */
export async function startForeignSite(): Promise<ForeignSite> {
  const server = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>Blank</title>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return {
    pageOn: (hostname) => `http://${hostname}:${address.port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
