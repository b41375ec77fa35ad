// A proxy that knows *.localhost, for runtimes that ask the system for it in vain.
import { createServer, request } from 'node:http'
import { portOf } from './port-of.ts'

/** The proxy. */
export interface LocalNamesProxy {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Starts a forward proxy for http that sends everything to this machine. */
export async function startLocalNamesProxy(): Promise<LocalNamesProxy> {
  // workerd names the host in the target alone.
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => {
    const { headers, method } = incoming
    const url = new URL(incoming.url ?? '', `http://${headers.host}`)
    const { pathname, port, search } = url
    const upstream = request({
      host: '127.0.0.1',
      port,
      method,
      path: pathname + search,
      headers: { ...headers, host: url.host },
    })
    upstream.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders)
      response.pipe(outgoing)
    })
    upstream.on('error', () => outgoing.destroy())
    incoming.pipe(upstream)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: portOf(server),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
