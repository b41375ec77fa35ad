// A network between handler and store: it can lose all bytes of a connection without ending it, and change where it leads.
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

export interface Relay {
  readonly port: number
  /** All connections there are now carry nothing any more, and stay open. */
  readonly cut: () => void
  /** Where connections lead that are opened from now on. */
  readonly lead: (port: number) => void
  readonly stop: () => void
}

/** Starts a relay to a port of this machine. */
export async function startRelay(target: number): Promise<Relay> {
  let port = target
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    lead: (next) => void (port = next),
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
