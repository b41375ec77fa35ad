// A proxy that finds every name on this machine: for browsers that cannot be told names in another way.
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { listen } from '../listen.ts'

/** A running proxy. */
export interface HostsProxy {
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Starts a proxy that sends every request to 127.0.0.1, to the port that it names. */
export async function startHostsProxy(): Promise<HostsProxy> {
  const sockets = new Set<Duplex>()
  const server = createServer((incoming, outgoing) => {
    const { port, pathname, search } = new URL(incoming.url ?? '', 'http://none.invalid')
    const { method, rawHeaders: headers } = incoming
    const path = pathname + search
    const forwarded = request({ host: '127.0.0.1', port, method, path, headers, setHost: false })
    forwarded.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forwarded.destroy())
    incoming.pipe(forwarded)
  })
  server.on('connect', (incoming, socket: Duplex, head: Buffer) => {
    const port = Number(incoming.url?.split(':').at(-1))
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    sockets.add(upstream)
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy())
  })
  const { port, stop } = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await stop()
    },
  }
}
