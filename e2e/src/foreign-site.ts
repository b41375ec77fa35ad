// Pages of origins that nobody trusts, served on this machine under names of the tests' choice.
import { createServer } from 'node:http'
import { listen } from './listen.ts'

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
  const { port, stop } = await listen(server)
  return {
    pageOn: (hostname) => `http://${hostname}:${port}/`,
    stop,
  }
}
